"""Waiting for the first reply to a mail."""

from dashboards.answers.first_reply import FirstReplies, first_replies
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import DAY_MS, NOON_MS, store_touches


def mail(who: str, type_: str, minutes: int, campaign: str = "") -> dict[str, object]:
    at_ms = NOON_MS + minutes * 60_000
    return {"channel": "emails", "type": type_, "folded_into": who, "occurred_at": at_ms, "campaign": campaign}


def test_two_mails_in_a_row_are_one_question_and_a_mailing_is_no_reply(place: Place) -> None:
    store_touches(
        place.writer,
        mail("email:a", "received", 0), mail("email:a", "received", 5), mail("email:a", "sent", 8, "spring"),
        mail("email:a", "sent", 10), mail("email:a", "replied", 20), mail("email:a", "sent", 50),
        mail("email:b", "sent", 0), mail("email:b", "received", 1),
        mail("email:c", "opened", 0),
    )  # fmt: skip
    found = first_replies(place.reader, Scope(), Span(NOON_MS, NOON_MS + DAY_MS))
    assert found == FirstReplies(questions=3, answered=2, median_s=1800, most_s=1800)
    assert first_replies(place.reader, Scope(), Span(NOON_MS + 60_000, NOON_MS + 61_000)) == FirstReplies(
        1, 0, None, None
    )
    assert first_replies(place.reader, Scope("other"), Span(1, 2)) == FirstReplies(0, 0, None, None)
