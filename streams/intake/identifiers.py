"""Who a touch names: the identifiers it carries, in their one spelling, strongest first."""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.identifiers.identifier import Invalid, normalise
from schemas.rejected import Rejected


class Named(NamedTuple):
    """What identifies, strongest first, and the rest as it was sent."""

    identifiers: tuple[str, ...]  # namespace:value
    others: dict[str, str]
    junk: bool  # one at least stands for nobody
    bad: dict[str, Rejected]  # by namespace: why a value cannot be what its field says


def gather(
    ids: Mapping[str, str], customer_id: str | None, email: str | None, phone: str | None, anonymous_id: str | None
) -> dict[str, str]:
    """All that a touch names, by namespace: a field of its own counts before one of that name among `ids`."""
    named = {**ids}
    if customer_id is not None:
        named["customer_id"] = customer_id
    if email is not None:
        named["email"] = email
    if phone is not None:
        named["phone"] = phone
    if anonymous_id is not None:
        named["anonymous_id"] = anonymous_id
    return named


def identify(named: Mapping[str, str], order: tuple[str, ...], region: str) -> Named:
    """Of what was named, what identifies: the namespaces in `order`. Telephone numbers are read as dialled in
    `region`."""
    found: dict[str, str] = {}
    others: dict[str, str] = {}
    bad: dict[str, Rejected] = {}
    junk = False
    for namespace, value in named.items():
        if namespace not in order:
            others[namespace] = value
            continue
        clean = normalise(namespace, value, region)
        if isinstance(clean, str):
            found[namespace] = clean
        elif isinstance(clean, Invalid):
            bad[namespace] = Rejected(clean.reason, f"{namespace} {clean.detail}")
        else:
            junk = True
    identifiers = tuple([f"{namespace}:{found[namespace]}" for namespace in order if namespace in found])
    return Named(identifiers, others, junk, bad)
