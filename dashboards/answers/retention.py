"""How many of those who came first in a week came again in the weeks after."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import UnanswerableError

MAX_WEEKS: Final = 53


@dataclass(frozen=True, slots=True)
class Cohort:
    """The profiles whose first touch was in the week that begins on `week`, a Monday.

    `people[n]` of them had a touch n weeks later; `people[0]` is their number. The last one is the present week.
    """

    week: date
    people: tuple[int, ...]


def retention(client: Client, scope: Scope, *, at_ms: int, weeks: int = 12) -> list[Cohort]:
    """Return the cohorts of the last `weeks` weeks, the present one included, the earliest first.

    It reads the runs and the links of all identifiers, so an API keeps the answer for a while. Raises
    UnanswerableError for more than `MAX_WEEKS`.
    """
    if not 1 <= weeks <= MAX_WEEKS:
        raise UnanswerableError(f"Retention covers 1 to {MAX_WEEKS} weeks, not {weeks}: give another number.")
    today = datetime.fromtimestamp(at_ms / 1000, UTC).date()
    present = today - timedelta(days=today.weekday())
    first = present - timedelta(weeks=weeks - 1)
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for row in read(client, "retention", tenant=scope.tenant, first=first, last=today):
        found[row["cohort"]][row["week"]] = row["people"]
    return [
        Cohort(first + timedelta(weeks=cohort), tuple(found[cohort].get(week, 0) for week in range(cohort, weeks)))
        for cohort in range(weeks)
    ]
