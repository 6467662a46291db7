"""Values that several mappings read in the same way: texts, identifiers, addresses of pages, event ids, sizes."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from schemas.raw_touch import LONGEST_ID

DIRECT: Final = "$direct"  # RudderStack and PostHog: no referrer
TYPES_WITH_URL: Final = frozenset({"page", "click", "form", "download", "search"})
"""Types of `visits` that need a page's address."""
_ID_BYTES: Final = 16
_sorted_json: Final = msgspec.json.Encoder(order="deterministic").encode


def mapping_of(value: object) -> dict[str, object]:
    """Return a JSON object, or an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[dict[str, object]]:
    """Return the objects of a JSON array; members that are none are left out, and other values have none."""
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Return a text without surrounding blanks; empty for a value that is no text."""
    return value.strip() if isinstance(value, str) else ""


def id_of(value: object) -> object:
    """Return an identifier as it was sent, None for a value that is neither text nor a whole number."""
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def without_empty(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that have a value. SDKs send null or an empty text for an unknown identifier."""
    return {
        name: value
        for name, value in fields.items()
        if value or (value is not None and value != "" and value != {})  # false and 0 are values
    }


def contacts_of(traits: Mapping[str, object]) -> dict[str, object]:
    """Return the email address and the phone number among the traits of a person, as identifiers."""
    return without_empty({name: text_of(traits.get(name)) for name in ("email", "phone")}) if traits else {}


def page_address(value: object) -> str:
    """Return a full http(s) address, or an empty text: `about:blank`, `file:` and `capacitor:` name no page."""
    address = text_of(value)
    scheme, separator, rest = address.partition("://")
    return address if separator and rest and scheme.lower() in ("http", "https") else ""


def referrer_of(value: object) -> str:
    """Return the page before, or an empty text for none."""
    return page_address("" if value == DIRECT else value)


def add_campaign(url: str, campaign: Mapping[str, object]) -> str:
    """Return the address with the campaign as `utm_` parameters, unless it has any: the address is what was visited.

    Keys of `campaign`: name, source, medium, term, content (Segment's specification of `context.campaign`).
    """
    if not campaign:
        return url
    tags = {f"utm_{'campaign' if name == 'name' else name}": text_of(value) for name, value in campaign.items()}
    tags = {name: value for name, value in tags.items() if value}
    try:
        parts = urlsplit(url)
    except ValueError:  # a bad IPv6 host: intake names it
        return url
    if not tags or "utm_" in parts.query:
        return url
    return urlunsplit(parts._replace(query=f"{parts.query}&{urlencode(tags)}".lstrip("&")))


def visit_type(kind: str, url: str) -> str:
    """Return the type of a visit, `custom` if it would need the address of a page that the event lacks."""
    return "custom" if kind in TYPES_WITH_URL and not url else kind


def event_id_of(given: object, event: Mapping[str, object], volatile: Iterable[str] = ()) -> object:
    """Return the client's id of an event, or a hash of the event without its `volatile` fields, which differ by try.

    With it a repeated request counts once even if the client gives no ids; two equal events count once, too.
    """
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and given.strip() and len(given) <= LONGEST_ID:
        return given
    left_out = frozenset(volatile)
    content = {name: value for name, value in event.items() if name not in left_out}
    try:
        encoded = _sorted_json(content)
    except (UnicodeEncodeError, ValueError, OverflowError, RecursionError):
        encoded = ascii(content).encode()  # lone surrogates and what else JSON cannot say
    return blake2b(encoded, digest_size=_ID_BYTES).hexdigest()


def screen_size(width: object, height: object) -> str:
    """Return width and height in pixels as `1280x720`, empty if one is unknown."""
    sizes = [round(size) for size in (width, height) if isinstance(size, int | float) and 0 < size < 1e6]
    return f"{sizes[0]}x{sizes[1]}" if len(sizes) == 2 else ""
