"""Identifiers: their normal form, the values that identify no person, and the keys of state.

An identifier is written `namespace:value` (in rows and on the command line) and, with its tenant,
`tenant|namespace:value` (the key of a record on `activity`). Namespaces have an order, strongest first. A value of any
other namespace is kept on the touch and identifies no person.
"""

from collections.abc import Sequence
from re import compile as pattern
from typing import Final

from schemas.identifiers.email_addresses import read_email
from schemas.identifiers.phone_numbers import read_phone
from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.identifiers.value_checks import LONGEST, clean, too_long

__all__ = [
    "LONGEST",
    "ORDER",
    "Invalid",
    "Junk",
    "explain_refusal",
    "identifier_in",
    "is_name",
    "key",
    "normalise",
    "read_identifier",
]

ORDER: Final = ("master_id", "customer_id", "crm", "email", "phone", "anonymous_id")
"""Namespaces that identify, strongest first."""

_GROWN: Final = 3  # composing shortens text to a third at most
_NAME: Final = pattern(r"[a-z0-9_-]{1,64}")


def normalise(namespace: str, value: str, region: str) -> str | Junk | Invalid:
    """Return the normal form of an identifier's value. Never raises.

    It is composed (NFC), trimmed and without invisible characters. An `email` is in lower case, with its domain in
    ASCII and without its wrapping; a `phone` is in E.164, read as dialled in `region` (ISO 3166-1 alpha-2, '' for
    none).
    """
    # Composing is quadratic in a run of accents, and the caches keep their keys: no long value is passed on
    # from here.
    if len(value) > LONGEST * _GROWN and len(value := value.strip()) > LONGEST * _GROWN:
        return too_long(value)
    if namespace == "email":
        return read_email(value)
    if namespace == "phone":
        return read_phone(value, region)
    return clean(value)


def is_name(text: str) -> bool:
    """Return whether a text is a valid tenant or namespace: 1 to 64 of a-z, 0-9, `_` and `-`."""
    return _NAME.fullmatch(text) is not None


def key(tenant: str, namespace: str, value: str) -> str:
    """Return `tenant|namespace:value`.

    Tenant and namespace are names (`is_name`), so the first `|` and the first `:` separate the parts.
    """
    return f"{tenant}|{namespace}:{value}"


def identifier_in(key: str) -> tuple[str, str]:
    """Return (tenant, namespace:value) of a key; the empty key gives two empty texts."""
    tenant, _, identifier = key.partition("|")
    return tenant, identifier


def read_identifier(text: str, region: str, order: Sequence[str] = ORDER) -> list[str]:
    """Return the identifiers that a text on the command line may mean, most likely first.

    A text with a namespace (`customer_id:42`) means only that. Otherwise an address is an email and a text with a `+`
    in front a phone; any other is looked up among the ids, strongest first, and then, if it is a valid one, as a phone
    of `region`. An empty result means that it is no identifier.
    """
    meant = _meanings(text, region, order)
    return [f"{namespace}:{spelling}" for namespace, spelling in meant if isinstance(spelling, str)]


def explain_refusal(text: str, region: str, order: Sequence[str] = ORDER) -> str:
    """Return why a text, for which `read_identifier` found nothing, is no identifier, as a clause with what to do."""
    if text.strip():
        for namespace, refusal in _meanings(text, region, order):
            if isinstance(refusal, Invalid):
                return f"its {namespace} {refusal.detail}"
            if isinstance(refusal, Junk):
                return f"its {namespace} {refusal.why}"
    return "write it as namespace:value, such as email:ada@example.org"


def _meanings(text: str, region: str, order: Sequence[str]) -> list[tuple[str, str | Junk | Invalid]]:
    """Return the namespaces that a text may mean, most likely first, each with its value as `normalise` reads it."""
    named, colon, rest = text.strip().partition(":")
    if colon and named in order:
        meant, value = [named], rest
    else:
        plain = [namespace for namespace in order if namespace not in ("email", "phone")]
        first = ["email"] if "@" in text else ["phone"] if text.strip().startswith("+") else []
        last = ["phone"] if not first else []
        meant, value = [namespace for namespace in (*first, *plain, *last) if namespace in order], text
    return [(namespace, normalise(namespace, value, region)) for namespace in meant]
