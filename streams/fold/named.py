"""Who a touch names: the identifiers it carries, in their one spelling, strongest first."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.identifiers import Invalid, Junk, normalise, ranked
from schemas.rejected import Rejected


@dataclass(frozen=True, slots=True)
class Named:
    """What identifies, strongest first, and the rest as it was sent."""

    identifiers: tuple[str, ...]  # namespace:value
    others: dict[str, str]
    junk: bool  # one at least stands for nobody


def gather(
    ids: Mapping[str, str], customer_id: str | None, email: str | None, phone: str | None, anonymous_id: str | None
) -> dict[str, str]:
    """All that a touch names, by namespace: a field of its own counts before one of that name among `ids`."""
    fields = {"customer_id": customer_id, "email": email, "phone": phone, "anonymous_id": anonymous_id}
    return {**ids, **{namespace: value for namespace, value in fields.items() if value is not None}}


def identify(named: Mapping[str, str], order: tuple[str, ...], region: str) -> Named | Rejected:
    """Of what was named, what identifies: the namespaces in `order`. Telephone numbers are read as dialled in
    `region`."""
    found: list[tuple[str, str]] = []
    others: dict[str, str] = {}
    junk = False
    for namespace, value in named.items():
        if namespace not in order:
            others[namespace] = value
            continue
        clean = normalise(namespace, value, region)
        if isinstance(clean, Invalid):
            return Rejected(clean.reason, f"{namespace} {clean.detail}")
        if isinstance(clean, Junk):
            junk = True
        else:
            found.append((namespace, clean))
    return Named(ranked(found, order), others, junk)
