"""What needs attention, from answers that the overview has anyway; the most urgent first."""

from dataclasses import dataclass
from typing import Final, Literal

from dashboards.answers.call_service_levels import Level
from dashboards.answers.data_quality import Rejections
from dashboards.answers.segments import NewlyHot
from dashboards.pages import format as write

MOST: Final = 3
_GAVE_UP: Final = 3  # callers, from which on it is worth a look
_TIMES_USUAL: Final = 2


@dataclass(frozen=True, slots=True)
class Item:
    """A matter: how bad it is, an icon, what is the case, and more about it. `link`: where to look."""

    kind: Literal["bad", "warn", "good"]
    icon: str
    title: str
    detail: str
    link: str


def gave_up(now: Level, usual: Level, since: str) -> Item | None:
    """Return that callers gave up in the last hours, if more did than usual; `usual`: the same hours a week ago."""
    if now.abandoned < _GAVE_UP or now.abandoned <= usual.abandoned * _TIMES_USUAL:
        return None
    noun = "caller" if now.abandoned == 1 else "callers"
    usually = (
        f"{write.whole(usual.abandoned)} a week ago at this time" if usual.calls else "no calls a week ago to compare"
    )
    share = write.percent(now.abandoned_share or 0, 0)
    detail = f"{share} of {write.whole(now.calls)} calls; {usually}."
    return Item("bad", "phone", f"{write.whole(now.abandoned)} {noun} gave up since {since}", detail, "/service")


def refused(today: tuple[Rejections, ...]) -> Item | None:
    """Return that records were refused today, with the most frequent reason."""
    count = sum(one.records for one in today)
    if not count:
        return None
    most = max(today, key=lambda one: one.records)
    noun = "record was" if count == 1 else "records were"
    words = most.reason.replace("_", " ")
    return Item(
        "warn",
        "alert",
        f"{write.whole(count)} {noun} refused today",
        f"Most for the reason “{words}”. They are kept, and can be mended and sent again.",
        "/quality",
    )


def became_hot(found: NewlyHot, key: str) -> Item:
    """Return that a customer became hot; `key`: of the customer, for addresses."""
    name = write.person(found.profile, found.name)
    detail = f"{write.points(found.score)} points now; a day ago not hot."
    return Item("good", "flame", f"{name} became hot", detail, f"/customers/{key}")


def most_urgent(items: list[Item | None]) -> list[Item]:
    """Return at most `MOST` matters, the worst first."""
    order = {"bad": 0, "warn": 1, "good": 2}
    return sorted((item for item in items if item is not None), key=lambda item: order[item.kind])[:MOST]
