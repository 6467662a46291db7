"""The people of the load: identifiers as they are sent, and in normal form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from schemas.identifiers.identifier import ORDER
from tests.chaos.load_words import JUNK

TENANTS: Final = ("main", "acme")
SWITCHBOARD: Final = "+49309000000"  # a number that more customers share than are allowed
_BESIDE: Final = ("master_id", "crm")  # namespaces without their own message field


@dataclass(frozen=True, slots=True)
class Named:
    """Identifiers of one touch. `fields` are message fields, `ids` are namespace:value, strongest first."""

    fields: Mapping[str, object]
    ids: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)  # identifiers of unknown namespaces, as sent
    junk: bool = False

    @property
    def country(self) -> str:
        """The country of the phone number; all numbers of the load are from Berlin."""
        return "DE" if any(one.startswith("phone:+4930") for one in self.ids) else ""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer. Every eleventh belongs to another tenant and has the same identifiers as its neighbour in `main`."""

    number: int

    @property
    def tenant(self) -> str:
        return TENANTS[1] if self.number % 11 == 10 else TENANTS[0]

    @property
    def _name(self) -> int:
        return self.number - (self.number % 11 == 10)

    @property
    def customer(self) -> str:
        return str(100_000 + self._name) if self._name % 7 == 0 else f"c{self._name}"

    @property
    def email(self) -> str:
        return f"p{self._name}@example.org"

    @property
    def phone(self) -> str:
        return f"+4930{9010000 + 13 * self._name}"

    def visitor(self, number: int = 0) -> str:
        """Return the anonymous id of one of the person's browsers."""
        return f"v{self._name}-{number}"

    def key(self, namespace: str, value: str) -> str:
        """Return the key in the form that engage uses."""
        return f"{self.tenant}|{namespace}:{value}"


def name(random: Random, values: Mapping[str, str], *, junk: str = "", other: str = "") -> Named:
    """Return identifiers in random valid spellings, with a junk value in the namespace `junk`."""
    fields: dict[str, object] = {}
    beside: dict[str, str] = {"loyalty": other} if other else {}
    for namespace, value in values.items():
        if namespace in _BESIDE:
            beside[namespace] = value
        else:
            fields[namespace] = _spell(random, namespace, value)
    if junk and junk not in values:
        fields[junk] = random.choice(JUNK[junk])
    if beside:
        fields["ids"] = beside
    ids = tuple(f"{namespace}:{values[namespace]}" for namespace in ORDER if namespace in values)
    return Named(fields, ids, {"loyalty": other} if other else {}, bool(junk and junk not in values))


def _spell(random: Random, namespace: str, value: str) -> object:
    """Return one of the equivalent spellings of a value."""
    if namespace == "email":
        return random.choice((value, value.upper(), f" {value} ", value.replace("p", "P").replace("ex", "Ex")))
    if namespace == "phone":
        return random.choice((value, f"{value[:3]} {value[3:5]} {value[5:]}", f"{value[:3]}-{value[3:5]}-{value[5:]}"))
    if namespace == "customer_id" and value.isdigit():
        return random.choice((value, int(value)))
    return value
