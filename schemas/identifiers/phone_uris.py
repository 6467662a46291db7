"""The telephone number inside a URI or a SIP header.

`tel:` by RFC 3966 (with `phone-context` and `ext`; other parameters do not identify), `sip:` and `sips:` by RFC 3261
(the user part is the number, 19.1.6), name-addr around any (`"Ada" <sip:+49...@pbx>;tag=1`), the schemes of chat and of
older software, and WhatsApp's addresses, whose user part is an international number without its `+`.
"""

from re import IGNORECASE
from re import compile as pattern
from typing import Final
from urllib.parse import unquote

from schemas.identifiers.hidden_callers import HIDDEN_WORDS
from schemas.identifiers.junk_values import fold
from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.rejected import Reason

_named: Final = pattern(r"[^<>]*<([^<>]*)>.*").fullmatch
_scheme: Final = pattern(
    r"(tel|sips?|callto|phone|sms|smsto|mms|mmsto|fax|h323|whatsapp|rcs|viber):(?://)?", IGNORECASE
)
_parameters: Final = pattern(r"\+[\d().\s-]+(?:;[A-Za-z][\w-]*(?:=[^;\s]*)?)+").fullmatch
"""The content of `tel:` without its scheme, as SIP gateways log it."""
_WHATSAPP: Final = frozenset({"s.whatsapp.net", "c.us", "wa.me"})
_HIDDEN: Final = Junk("is that of a caller whose number is hidden")


def unwrap(text: str) -> str | Junk | Invalid:
    """Return the number as dialled, with its extension as `;ext=`. A text that is not a URI is returned unchanged."""
    if found := _named(text):
        text = found[1].strip()
        if not text:
            return _HIDDEN
    uri = _scheme.match(text)
    if uri:
        text = text[uri.end() :].partition("?")[0]
    elif "@" not in text and not _parameters(text):
        return text
    user, at, host = text.partition("@")
    if at and _is_hidden(user, host.partition(";")[0]):
        return _HIDDEN
    number, *parameters = unquote(user).split(";")
    number = number.partition(":")[0] if at else number  # a password follows
    if at and not any(c.isdigit() for c in number):
        return Invalid(Reason.BAD_PHONE, "is an address without a telephone number")
    return _with(number, parameters, host.lower())


def _is_hidden(user: str, host: str) -> bool:
    """Return whether a SIP address hides its caller: by a domain of RFC 3323, or by a word instead of a number."""
    return host.lower().endswith(".invalid") or fold(unquote(user).partition(";")[0]) in HIDDEN_WORDS


def _with(number: str, parameters: list[str], host: str) -> str:
    given = {name.strip().lower(): value.strip() for name, _, value in (one.partition("=") for one in parameters)}
    context = given.get("phone-context", "")
    if not number.startswith("+") and (context.startswith("+") or host in _WHATSAPP):
        number = f"{context or '+'}{number}"
    return f"{number};ext={given['ext']}" if given.get("ext") else number
