"""MADE UP: who of one recording is whom of another.

The three recordings know nothing of each other. To show what joining looks like, a few hundred people are invented,
each of whom is one visitor of the access log, one sender of the mail log and one caller of the call log. The touches
that say so are invented as well: a login (anonymous id and email in one `identify`) and a form (email and customer
id). They carry `source: made-up-mapping`, names that nobody has, and a company called Made-up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from sources.outcomes import Emit, RawTouch

MADE_UP: Final = "made-up-mapping"
"""The `source` of every touch made here."""

PEOPLE: Final = 300

_FIRST_NAMES = """Ada Bela Cleo Dov Edna Finn Gita Hugo Ines Jori Kaja Levi Mina Nilo Orla Pia Quin Rosa Sami Tova"""
_LAST_NAMES = """Inventsson Fabler Mockingham Pretender Fictova Imaginari Doe-Notexist Placehold Standin Exampleton"""
_FIRST = _FIRST_NAMES.split()
_LAST = _LAST_NAMES.split()
_ROBOTS = ("bot", "crawl", "spider", "slurp", "feed", "curl", "wget", "http", "java", "python", "ruby", "monitor")


@dataclass(slots=True)
class MadeUpPeople:
    """Sees the touches of the three recordings go by, then says who is whom. The same touches give the same people.

    `site`: where the invented login and form are, like http://www.example.com.

    Times of the invented touches are times of the visitor's own ones: his session gets no longer by them.
    """

    site: str
    people: int = PEOPLE
    _visitors: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # id: touches, first and last time in ms
    _senders: dict[str, None] = field(default_factory=dict)
    _callers: dict[str, None] = field(default_factory=dict)

    def see(self, emit: Emit) -> None:
        """Takes note of a touch of a recording (shifted, if it is sent shifted)."""
        touch = emit.touch
        if emit.channel == "visits":
            self._see_visit(touch)
        elif emit.channel == "emails" and isinstance(email := touch.get("email"), str):
            self._senders.setdefault(email)
        elif emit.channel == "calls" and isinstance(customer := touch.get("customer_id"), str):
            self._callers.setdefault(customer)

    def _see_visit(self, touch: RawTouch) -> None:
        visitor, at_ms, agent = touch.get("anonymous_id"), touch["occurred_at"], str(touch.get("user_agent", ""))
        browser = agent.removeprefix("Mozilla/").lower()
        if not isinstance(visitor, str) or not isinstance(at_ms, int) or not agent.startswith(("Mozilla/", "Opera/")):
            return
        if any(robot in browser for robot in _ROBOTS):
            return
        touches, first_ms, last_ms = self._visitors.get(visitor, (0, at_ms, at_ms))
        self._visitors[visitor] = touches + 1, min(first_ms, at_ms), max(last_ms, at_ms)

    def touches(self) -> Iterator[Emit]:
        """The invented touches, two per person: at most `people`, and as many as all three recordings can give."""
        # The busiest visitors make the best timelines; the id decides between equals.
        visitors = sorted(self._visitors.items(), key=lambda item: (-item[1][0], item[0]))[: self.people]
        for n, ((visitor, (_, first_ms, last_ms)), sender, caller) in enumerate(
            zip(visitors, self._senders, self._callers, strict=False)
        ):
            yield self._login(n, visitor, sender, first_ms)
            yield self._form(n, sender, caller, last_ms)

    def _login(self, n: int, visitor: str, sender: str, at_ms: int) -> Emit:
        traits = {"name": made_up_name(n), "company": f"Made-up Company {n % 40 + 1}"}
        ids: RawTouch = {"url": f"{self.site}/login", "anonymous_id": visitor, "email": sender}
        return _made_up(("login", visitor, sender), "identify", at_ms, ids, {"traits": traits})

    def _form(self, n: int, sender: str, caller: str, at_ms: int) -> Emit:
        traits = {"made_up_number": str(n + 1)}
        ids: RawTouch = {"url": f"{self.site}/account", "email": sender, "customer_id": caller}
        return _made_up(("form", sender, caller), "identify", at_ms, ids, {"traits": traits})


def made_up_name(n: int) -> str:
    """The name of the n-th person: of 200, then with a number."""
    first, last = _FIRST[n % len(_FIRST)], _LAST[n // len(_FIRST) % len(_LAST)]
    again = n // (len(_FIRST) * len(_LAST))
    return f"{first} {last}" + (f" {again + 1}" if again else "")


def _made_up(what: tuple[str, ...], kind: str, at_ms: int, ids: RawTouch, properties: dict[str, object]) -> Emit:
    event_id = blake2b("\x00".join((MADE_UP, *what)).encode(), digest_size=16).hexdigest()
    touch: RawTouch = {"event_id": event_id, "type": kind, "occurred_at": at_ms, "source": MADE_UP, **ids}
    touch["properties"] = properties
    return Emit("visits", touch, ("made_up",))
