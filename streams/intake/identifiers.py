"""The identifiers of a touch, normalised, strongest first."""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.identifiers.identifier import Invalid, normalise
from schemas.rejected import Rejected


class Identifiers(NamedTuple):
    """The identifiers, strongest first, and the other ids as they were sent."""

    identifiers: tuple[str, ...]  # namespace:value
    others: dict[str, str]
    junk: bool  # whether at least one is a junk value
    bad: dict[str, Rejected]  # by namespace: why a value cannot be what its field says


def gather(
    ids: Mapping[str, str], customer_id: str | None, email: str | None, phone: str | None, anonymous_id: str | None
) -> dict[str, str]:
    """Return all values by namespace. A field takes precedence over an entry of that name among `ids`."""
    values = {**ids}
    if customer_id is not None:
        values["customer_id"] = customer_id
    if email is not None:
        values["email"] = email
    if phone is not None:
        values["phone"] = phone
    if anonymous_id is not None:
        values["anonymous_id"] = anonymous_id
    return values


def identify(values: Mapping[str, str], order: tuple[str, ...], region: str) -> Identifiers:
    """Return the identifiers among some values: those of a namespace in `order`.

    Telephone numbers are read as dialled in `region`.
    """
    found: dict[str, str] = {}
    others: dict[str, str] = {}
    bad: dict[str, Rejected] = {}
    junk = False
    for namespace, value in values.items():
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
    return Identifiers(identifiers, others, junk, bad)
