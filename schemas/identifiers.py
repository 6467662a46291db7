"""Identifiers: one spelling per person and namespace, which values identify nobody, and the keys that state is kept
under.

An identifier is written `namespace:value` (on rows and on the command line) and, with its tenant,
`tenant|namespace:value` (the key of a record on `activity`). Namespaces have an order, strongest first; a namespace
outside it is kept on the touch and identifies nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import compile as pattern
from typing import Final
from unicodedata import category, normalize

import idna
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from schemas.e164 import split_number
from schemas.junk import is_junk, is_role, is_typed
from schemas.rejected import Reason

ORDER: Final = ("master_id", "customer_id", "crm", "email", "phone", "anonymous_id")
"""Namespaces that identify, strongest first."""

LONGEST: Final = 200  # characters of an identifier
_CACHED: Final = 50_000  # addresses and numbers remembered, each: about 15 MB when full
_GROWN: Final = 3  # composing shortens text to a third at most
_EDGES: Final = (
    " \t\r\n\f\v\xa0\u3000\u200b\u200c\u200d\u2060\ufeff"  # what copying drags along, the invisible ones too
)
_NAME: Final = pattern(r"[a-z0-9_-]{1,64}")
_ATOM: Final = pattern(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")  # RFC 5322 dot-atom with RFC 6531's other letters
_LABEL: Final = pattern(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN_EMAIL: Final = pattern(
    r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


@dataclass(frozen=True, slots=True)
class Junk:
    """A value that stands for nobody: no identifier, and no error. `why` in a few words."""

    why: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that cannot be what its field says. `detail` goes on where the field's name left off: "is …", "has …"."""

    reason: Reason
    detail: str


def normalise(namespace: str, value: str, region: str) -> str | Junk | Invalid:
    """The one spelling of an identifier's value: composed (NFC) and trimmed; an `email` in lower case with its
    domain in ASCII, nothing else taken away; a `phone` in E.164, read as dialled in `region` (ISO 3166-1 alpha-2,
    '' for none). Never raises."""
    # Composing is quadratic in a run of accents and the caches keep what they are asked: nothing long goes further
    # than here.
    if len(value) > LONGEST * _GROWN and len(value := value.strip(_EDGES)) > LONGEST * _GROWN:
        return _too_long(value)
    if namespace == "email":
        return _email(value)
    if namespace == "phone":
        return _phone(value, region)
    return _clean(value)


def _clean(value: str) -> str | Junk | Invalid:
    """What every namespace asks for: trimmed, composed, printable, not too long, somebody's."""
    value = value.strip(_EDGES)
    if not (value.isascii() and value.isprintable()):
        value = normalize("NFC", value)
        if not value.isprintable() and (bad := _control(value)):
            return Invalid(Reason.BAD_ID, f"has the invisible character U+{ord(bad):04X} in it")
    if len(value) > LONGEST:
        return _too_long(value)
    return Junk("stands for no value") if is_junk(value) else value


def _too_long(value: str) -> Invalid:
    return Invalid(Reason.BAD_ID, f"has {len(value)} characters, more than the {LONGEST} of an identifier")


def _control(value: str) -> str:
    """The first control, format or separator character or half of a surrogate pair, or ''."""
    return next((c for c in value if category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")), "")


def _email(value: str) -> str | Junk | Invalid:
    """Most are written as they are kept: what is left to look at is whose mailbox it is."""
    plain = len(value) <= LONGEST and _PLAIN_EMAIL.fullmatch(value)
    if plain and "xn--" not in value and len(plain[1]) <= 64:
        return Junk("a mailbox of a function, not of a person") if is_role(plain[1]) else value
    return _read_email(value)


@lru_cache(maxsize=_CACHED)
def _read_email(value: str) -> str | Junk | Invalid:
    if not isinstance(clean := _clean(value), str):
        return clean
    local, at, domain = clean.rpartition("@")
    if not at or not local or not domain:
        return Invalid(Reason.BAD_EMAIL, "is no address of the form name@domain")
    # Lower case may come apart into letter and accent again (Turkish İ).
    local = normalize("NFC", local.lower())
    if len(local.encode()) > 64 or not all(_ATOM.fullmatch(atom) for atom in local.split(".")):
        return Invalid(
            Reason.BAD_EMAIL, "has a name before the @ that RFC 5321 does not allow (quoted names are not taken)"
        )
    ascii_domain = _mail_domain(domain)
    if not ascii_domain:
        return Invalid(Reason.BAD_EMAIL, "has a domain that cannot be in the DNS")
    if is_role(local):
        return Junk("a mailbox of a function, not of a person")
    written = f"{local}@{ascii_domain}"  # can be longer than what was sent
    return written if len(written) <= LONGEST else _too_long(written)


def _mail_domain(domain: str) -> str:
    """The domain in lower-case ASCII, or '' where it is none: one label, a number at its end, a label the DNS has
    no place for."""
    name = domain.lower().removesuffix(".")
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return ""
    labels = name.split(".")
    well_formed = len(labels) > 1 and len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return name if well_formed and not labels[-1].isdigit() else ""


@lru_cache(maxsize=_CACHED)
def _phone(value: str, region: str) -> str | Junk | Invalid:
    """E.164 of a number of possible length (not of an assigned range: ranges change, and a new one must not be
    refused). A number behind a switchboard keeps its extension, as RFC 3966 writes it: without it, colleagues would
    be one person."""
    if parts := split_number(value):
        return Junk("a number typed to get past a form") if is_typed(value[1:]) or is_typed(parts[1]) else value
    if not isinstance(clean := _clean(value), str):
        return clean
    if is_typed(_digits(clean)):
        return Junk("a number typed to get past a form")
    try:
        number = phonenumbers.parse(clean, region.upper() or None)
    except NumberParseException as error:
        return Invalid(Reason.BAD_PHONE, _phone_detail(error, region))
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return Invalid(Reason.BAD_PHONE, "has too few or too many digits for a telephone number of its country")
    if is_typed(str(number.national_number)):
        return Junk("a number typed to get past a form")
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if number.extension:
        written = f"{written};ext={number.extension}"
    # Of several zeros between country code and number each reading takes one away (`+43 0 0 ..`): to the end, so that
    # what is kept reads as itself.
    return written if _digits(written) == _digits(clean) else _phone(written, region)


def _digits(text: str) -> str:
    return "".join([c for c in text if c.isdigit()])


def _phone_detail(error: NumberParseException, region: str) -> str:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        dialled = f"and {region!r} is no country to dial it in" if region else "and no region is set to dial it in"
        return f"begins with no country code that exists, {dialled}"
    return "is no telephone number"


def is_name(text: str) -> bool:
    """Whether a text may name a tenant or a namespace: 1 to 64 of a-z, 0-9, `_` and `-`."""
    return _NAME.fullmatch(text) is not None


def key(tenant: str, namespace: str, value: str) -> str:
    """`tenant|namespace:value`. Tenant and namespace are names (`is_name`), so the first `|` and the first `:` part
    it again."""
    return f"{tenant}|{namespace}:{value}"


def ranked(ids: Iterable[tuple[str, str]], order: Sequence[str] = ORDER) -> tuple[str, ...]:
    """`namespace:value`, strongest first, of (namespace, normalised value) pairs. Of several in one namespace the
    first counts, those of a namespace outside `order` do not."""
    found: dict[str, str] = {}
    for namespace, value in ids:
        found.setdefault(namespace, value)
    return tuple([f"{namespace}:{found[namespace]}" for namespace in order if namespace in found])


def read_identifier(text: str, region: str, order: Sequence[str] = ORDER) -> list[str]:
    """What a person may have meant by an identifier typed at the command line: `namespace:value` candidates, most
    likely first.

    A text that names its namespace (`customer_id:42`) means only that. Otherwise an address is an email and a `+`
    begins a phone; the rest is looked for among the ids, strongest first, and then, if it reads as one, as a phone
    of `region`. Empty: it can be nobody's.
    """
    named, colon, rest = text.strip().partition(":")
    if colon and named in order:
        meant, value = [named], rest
    else:
        plain = [namespace for namespace in order if namespace not in ("email", "phone")]
        first = ["email"] if "@" in text else ["phone"] if text.strip().startswith("+") else []
        last = ["phone"] if not first else []
        meant, value = [namespace for namespace in (*first, *plain, *last) if namespace in order], text
    spelt = ((namespace, normalise(namespace, value, region)) for namespace in meant)
    return [f"{namespace}:{spelling}" for namespace, spelling in spelt if isinstance(spelling, str)]
