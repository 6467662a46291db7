"""Parts of a touch that come again and again, worked out once: a page, an arrival, a user agent, who it is.

Each brings its columns of the row already encoded (several values one after another, as `msgspec.Raw`), the same
values by column for the rules that ask for them, and what the fold reads. What refuses a touch raises `NotPlainError`:
the contract will say why.
"""

from functools import lru_cache
from re import compile as pattern
from typing import Final, NamedTuple

from msgspec import Raw

from schemas.common import NAMESPACE, read_id
from schemas.identifiers import Invalid, is_name
from schemas.rejected import Rejected
from streams.fold.campaign import NONE, lead_source, read_campaign
from streams.fold.device import read_device
from streams.fold.enrich import COUNTRY, DEVICE, came_from, country_by_phone
from streams.fold.named import gather, identify
from streams.fold.row import encode_row
from streams.fold.urls import split_url

LONG: Final = 400  # characters of a text worth remembering
_REMEMBERED: Final = 16_384  # of each kind: about 15 MB when full of long ones
_namespace: Final = pattern(NAMESPACE).fullmatch

Columns = dict[str, object]


class NotPlainError(ValueError):
    """A touch that only the contract can read or refuse."""


def _raw(*values: object) -> Raw:
    return Raw(encode_row(values))


class Page(NamedTuple):
    """The address of a page or a link."""

    columns: Raw  # url, url_host, url_path
    fields: Columns
    host: str
    page: str
    query: str


def read_page(url: str) -> Page:
    """Of a full address."""
    parts = split_url(url)
    if isinstance(parts, Invalid):
        raise NotPlainError(parts.detail)
    fields: Columns = {"url": url, "url_host": parts.host, "url_path": parts.path}
    return Page(_raw(*fields.values()), fields, parts.host, parts.page, parts.query)


class Arrival(NamedTuple):
    """Where a touch came from: by the referrer and by the tags of the address."""

    referrer: Raw  # referrer, referrer_host, referrer_class
    tags: Raw  # campaign_source to lead_source
    fields: Columns
    lead: Raw  # source, medium
    campaign: str


def read_arrival(query: str, referrer: str, own_host: str) -> Arrival:
    """Of a visit to a page of `own_host`; without it, of a link in a mail."""
    host, came = came_from(referrer, own_host)
    campaign = read_campaign(query) if query else NONE
    source, medium = lead_source(campaign, came)
    before = {"referrer": referrer, "referrer_host": host, "referrer_class": came.kind.value if own_host else ""}
    tags = {
        "campaign_source": campaign.source,
        "campaign_medium": campaign.medium,
        "campaign_name": campaign.name,
        "campaign_term": campaign.term,
        "campaign_content": campaign.content,
        "click_id": campaign.click_id,
        "click_id_kind": campaign.click_id_kind,
        "lead_source": source,
    }
    lead = _raw(source, medium)
    return Arrival(_raw(*before.values()), _raw(*tags.values()), {**before, **tags}, lead, campaign.name)


class Agent(NamedTuple):
    """A user agent."""

    columns: Raw  # user_agent, device, os, browser, bot
    fields: Columns
    device: str
    bot: bool


def read_agent(user_agent: str) -> Agent:
    """Of any text; '' is none."""
    told = read_device(user_agent)
    fields = {"user_agent": user_agent, **told._asdict()}
    return Agent(_raw(*fields.values()), fields, told.device, told.bot)


class Who(NamedTuple):
    """Whom a touch names."""

    tenant: str
    tenant_column: Raw
    columns: Raw  # identifiers, ids
    keys: Raw  # `ids` of the touch
    key: bytes  # of its record on `activity`; empty: it identifies nobody
    junk: bool
    country: str  # of the telephone number


Id = str | int | None


class People:
    """Who touches name, by what identifies and where telephone numbers are dialled."""

    def __init__(self, order: tuple[str, ...], region: str) -> None:
        self._order = order
        self._region = region
        self.known = lru_cache(_REMEMBERED)(self.read)

    def read(
        self,
        tenant: str,
        customer_id: Id,
        email: str | None,
        phone: str | None,
        anonymous_id: Id,
        ids: tuple[tuple[str, str | int], ...] = (),
    ) -> Who:
        """Of a message's fields as they came."""
        if not is_name(tenant) or not all(_namespace(namespace) for namespace, _ in ids):
            raise NotPlainError("a tenant or a namespace is no name")
        others = {namespace: read_id(value) for namespace, value in ids}
        customer, visitor = (None if value is None else read_id(value) for value in (customer_id, anonymous_id))
        named = identify(gather(others, customer, email, phone, visitor), self._order, self._region)
        if isinstance(named, Rejected):
            raise NotPlainError(named.detail)
        keys = tuple(f"{tenant}|{identifier}" for identifier in named.identifiers)
        return Who(
            tenant=tenant,
            tenant_column=_raw(tenant),
            columns=_raw(named.identifiers, named.others),
            keys=_raw(keys),
            key=keys[0].encode() if keys else b"",
            junk=named.junk,
            country=country_by_phone(named.identifiers),
        )


def found_traits(country: str, device: str) -> dict[str, str]:
    """Traits that we found out ourselves."""
    return {name: value for name, value in ((COUNTRY, country), (DEVICE, device)) if value}


@lru_cache(_REMEMBERED)
def encode_found(country: str, device: str) -> Raw:
    """`found_traits`, encoded."""
    return _raw(found_traits(country, device))


known_page: Final = lru_cache(_REMEMBERED)(read_page)
known_arrival: Final = lru_cache(_REMEMBERED)(read_arrival)
known_agent: Final = lru_cache(_REMEMBERED)(read_agent)
