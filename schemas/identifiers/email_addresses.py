"""Mail addresses in their normal form.

Accepted: a bare address, RFC 5322's name-addr (`Ada <ada@example.org>`, comments, quotes), `mailto:` URIs (RFC 6068), a
quoted local part that needs no quotes. The local part follows the HTML standard's pattern for email, with dots
anywhere: Japanese carriers have given out such addresses.
"""

from functools import lru_cache
from re import DOTALL, IGNORECASE
from re import compile as pattern
from typing import Final
from unicodedata import normalize
from urllib.parse import unquote

import idna

from schemas.identifiers.envelope_senders import sender_of
from schemas.identifiers.invisible_characters import narrow
from schemas.identifiers.junk_values import is_junk, is_role
from schemas.identifiers.junk_words import EXAMPLES
from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.identifiers.template_placeholders import is_placeholder
from schemas.identifiers.value_checks import LONGEST, clean, too_long
from schemas.rejected import Reason

_CACHED: Final = 50_000  # cached addresses: about 15 MB when full
_LONGEST_NAME_BYTES: Final = 64  # before the @ (RFC 5321, 4.5.3.1.1)
_NAME: Final = pattern(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")  # RFC 5322 atext and dots, with RFC 6531's other letters
_LABEL: Final = pattern(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN: Final = pattern(
    r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
).fullmatch
_scheme: Final = pattern(r"\s*(?:mailto|smtp|email|e-mail):\s*(.*)", IGNORECASE | DOTALL).fullmatch
_named: Final = pattern(r"[^<>]*<([^<>]*)>[\s,;]*|\"(?:[^\"\\]|\\.)*\"\s*<([^<>]*)>[\s,;]*", DOTALL).fullmatch
_comments: Final = pattern(r"^\s*\([^()@]*\)|\([^()@]*\)\s*$").sub
_around_at: Final = pattern(r"\s*@\s*").sub  # RFC 5322 allows blanks there (4.4)
_escaped: Final = pattern(r"\\(.)").sub
_QUOTES: Final = frozenset({"''", '""', "``", "“”", "„“", "‘’", "«»"})
_NOBODY: Final = Junk("is a mailbox of a function, not of a person")
_MADE_UP: Final = Junk("is an example address, or one that cannot exist")


def read_email(value: str) -> str | Junk | Invalid:
    """Return the address in lower case with its domain in ASCII, for the usual form of an address.

    The caller checks whether it is a person's mailbox.
    """
    plain = len(value) <= LONGEST and _PLAIN(value)
    if plain and "xn--" not in value and len(name := plain[1]) <= _LONGEST_NAME_BYTES and name[0] != "_":
        if is_role(name):
            return _NOBODY
        return _MADE_UP if _is_made_up(value) else value
    return _read(value)


def spelling_of(value: str) -> str:
    """Return one text for all spellings of an address, also of those that identify no person. For comparison only."""
    found = read_email(value) if len(value) <= LONGEST else None  # the cache keeps its keys
    return found if isinstance(found, str) else value.strip().lower()


def _is_made_up(address: str) -> bool:
    return address in EXAMPLES or address.endswith(".invalid")


@lru_cache(maxsize=_CACHED)
def _read(value: str) -> str | Junk | Invalid:
    if not isinstance(text := clean(value), str):
        return text
    text = _unwrap(narrow(text))
    if is_junk(text):
        return Junk("is a word for no value")
    name, at, domain = text.rpartition("@")
    if not at or not name or not domain:
        return Invalid(Reason.BAD_EMAIL, "is no address of the form name@domain")
    # Lower case may be a letter and a combining accent (Turkish İ).
    name, domain = sender_of(normalize("NFC", _unquote(name).lower()), domain.lower())
    if len(name.encode()) > _LONGEST_NAME_BYTES or not _NAME.fullmatch(name) or not name.strip("."):
        return Invalid(Reason.BAD_EMAIL, "has a name before the @ that is too long or has signs that it cannot have")
    if is_placeholder(name):
        return Junk("is a placeholder that a template did not fill")
    ascii_domain = _mail_domain(domain)
    if not ascii_domain:
        return Invalid(Reason.BAD_EMAIL, "has a domain that cannot be in the DNS")
    written = f"{name}@{ascii_domain}"  # can be longer than the sent address
    if len(written) > LONGEST:
        return too_long(written)
    return _NOBODY if is_role(name) else _MADE_UP if _is_made_up(written) else written


def _unwrap(text: str) -> str:
    """Return the address inside a name-addr, a URI, comments, quotes and list separators.

    A list of several addresses is returned unchanged: which one is meant is unknown.
    """
    if found := _scheme(text):
        text = unquote(found[1]).partition("?")[0]
    if found := _named(text):
        text = found[1] if found[1] is not None else found[2]
        if inner := _scheme(text):
            text = unquote(inner[1]).partition("?")[0]
    text = _around_at("@", _comments("", text).strip(" ,;"))
    if text[:1] + text[-1:] in _QUOTES and len(text) > 1:
        text = text[1:-1].strip()
    return unquote(text) if "@" not in text and "%40" in text else text


def _unquote(name: str) -> str:
    """Return the content of a quoted local part (RFC 5321, 4.1.2: the quotes have no meaning of their own)."""
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return _escaped(r"\1", name[1:-1]) if quoted else name


def _mail_domain(domain: str) -> str:
    """Return the domain in lower-case ASCII, or '' if invalid: a single label, a number at its end, a bad label."""
    name = domain.lower().removesuffix(".")
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return ""
    labels = name.split(".")
    well_formed = len(labels) > 1 and len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return name if well_formed and not labels[-1].isdigit() else ""
