"""MADE UP: people who appear in all three recordings.

The three recordings have no person in common. To show how profiles are joined, a few hundred people are invented, each
of whom is one visitor of the access log, one sender of the mail log and one caller of the call log. The touches that
join them are invented as well: a login (anonymous id and email in one `identify`) and a form (email and customer id).
They have `source: made-up-mapping`, invented names, and a company called Made-up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from sources.outcome import Emit, RawTouch

MADE_UP: Final = "made-up-mapping"
"""The `source` of every invented touch."""

PEOPLE: Final = 300

_FIRST_NAMES = """Ada Bela Cleo Dov Edna Finn Gita Hugo Ines Jori Kaja Levi Mina Nilo Orla Pia Quin Rosa Sami Tova"""
_LAST_NAMES = """Inventsson Fabler Mockingham Pretender Fictova Imaginari Doe-Notexist Placehold Standin Exampleton"""
_FIRST = _FIRST_NAMES.split()
_LAST = _LAST_NAMES.split()
_ROBOTS = ("bot", "crawl", "spider", "slurp", "feed", "curl", "wget", "http", "java", "python", "ruby", "monitor")


@dataclass(slots=True)
class MadeUpPeople:
    """Collects identifiers of the three recordings and joins them into people. The same touches give the same people.

    `site` is the address of the invented login and form, such as http://www.example.com.

    The invented touches have the time of the person's first mail. The mails start earliest, so no touch that is sent
    later is too late for its day because of them, and no session becomes longer.
    """

    site: str
    people: int = PEOPLE
    _visitors: dict[str, int] = field(default_factory=dict)  # id: touches
    _senders: dict[str, int] = field(default_factory=dict)  # address: time of the first mail, ms
    _callers: dict[str, None] = field(default_factory=dict)

    def see(self, emit: Emit) -> None:
        """Record the identifiers of a touch, which has its original time."""
        touch = emit.touch
        if emit.channel == "visits":
            self._see_visit(touch)
        elif emit.channel == "emails" and isinstance(email := touch.get("email"), str):
            self._see_mail(email, touch["occurred_at"])
        elif emit.channel == "calls" and isinstance(customer := touch.get("customer_id"), str):
            self._callers.setdefault(customer)

    def _see_visit(self, touch: RawTouch) -> None:
        visitor, agent = touch.get("anonymous_id"), str(touch.get("user_agent", ""))
        browser = agent.removeprefix("Mozilla/").lower()
        if not isinstance(visitor, str) or not agent.startswith(("Mozilla/", "Opera/")):
            return
        if any(robot in browser for robot in _ROBOTS):
            return
        self._visitors[visitor] = self._visitors.get(visitor, 0) + 1

    def _see_mail(self, email: str, at_ms: object) -> None:
        if isinstance(at_ms, int):
            self._senders[email] = min(at_ms, self._senders.get(email, at_ms))

    def touches(self) -> Iterator[Emit]:
        """Yield the invented touches, two per person, for up to `people` people."""
        # The visitors with most touches give the longest timelines; the id decides between equals.
        visitors = sorted(self._visitors, key=lambda visitor: (-self._visitors[visitor], visitor))[: self.people]
        for n, (visitor, (sender, at_ms), caller) in enumerate(
            zip(visitors, self._senders.items(), self._callers, strict=False)
        ):
            yield self._login(n, visitor, sender, at_ms)
            yield self._form(n, sender, caller, at_ms)

    def _login(self, n: int, visitor: str, sender: str, at_ms: int) -> Emit:
        traits = {"name": made_up_name(n), "company": f"Made-up Company {n % 40 + 1}"}
        ids: RawTouch = {"url": f"{self.site}/login", "anonymous_id": visitor, "email": sender}
        return _made_up(("login", visitor, sender), "identify", at_ms, ids, {"traits": traits})

    def _form(self, n: int, sender: str, caller: str, at_ms: int) -> Emit:
        traits = {"made_up_number": str(n + 1)}
        ids: RawTouch = {"url": f"{self.site}/account", "email": sender, "customer_id": caller}
        return _made_up(("form", sender, caller), "identify", at_ms, ids, {"traits": traits})


def made_up_name(n: int) -> str:
    """Return the name of the n-th person: one of 200, then with a number."""
    first, last = _FIRST[n % len(_FIRST)], _LAST[n // len(_FIRST) % len(_LAST)]
    again = n // (len(_FIRST) * len(_LAST))
    return f"{first} {last}" + (f" {again + 1}" if again else "")


def _made_up(what: tuple[str, ...], kind: str, at_ms: int, ids: RawTouch, properties: dict[str, object]) -> Emit:
    event_id = blake2b("\x00".join((MADE_UP, *what)).encode(), digest_size=16).hexdigest()
    touch: RawTouch = {"event_id": event_id, "type": kind, "occurred_at": at_ms, "source": MADE_UP, **ids}
    touch["properties"] = properties
    return Emit("visits", touch, ("made_up",))
