"""How long mails of customers wait for the first reply."""

from dataclasses import dataclass

from dashboards.answers.run_query import Client, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span


@dataclass(frozen=True, slots=True)
class FirstReplies:
    """Questions by mail, and those that got a reply within the range.

    Mails of a customer (`received`, `replied`) in a row are one question; the next mail `sent` to the customer that
    belongs to no mailing is the reply. `median_s` and `most_s` are the times that a half and 90 % of the replies did
    not exceed; None without replies.
    """

    questions: int
    answered: int
    median_s: int | None
    most_s: int | None


def first_replies(client: Client, scope: Scope, span: Span) -> FirstReplies:
    """Return the replies of a range. It reads all touches of the range, so an API keeps the answer for a while."""
    row = read_one(client, "first_reply", tenant=scope.tenant, from_ms=span.from_ms, to_ms=span.to_ms)
    if row is None or not row["answered"]:
        return FirstReplies(row["questions"] if row else 0, 0, None, None)
    median_s, most_s = map(int, row["waited"])
    return FirstReplies(row["questions"], row["answered"], median_s, most_s)
