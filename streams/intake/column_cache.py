"""Parts of a touch that come again and again, worked out once: a page, an arrival, a user agent, who it is.

Each brings its columns of the row already encoded (several values one after another, as `msgspec.Raw`), the same
values by column for the rules that ask for them, and what the fold reads. What refuses a touch raises `NotPlainError`:
the contract will say why.
"""

from functools import lru_cache
from re import compile as pattern
from typing import Final, NamedTuple

from msgspec import Raw

from schemas.identifiers.identifier import Invalid, is_name, normalise
from schemas.raw_touch import NAMESPACE, read_name
from schemas.row_format import encode_row
from streams.enrichment.campaign import NONE, Campaign, lead_source, read_campaign
from streams.enrichment.country import country_of_phone
from streams.enrichment.pipeline import COUNTRY, DEVICE, came_from, country_by_phone
from streams.enrichment.referrer import DIRECT, Referrer
from streams.enrichment.url import split_url
from streams.enrichment.user_agent import as_program, read_device
from streams.intake.identifiers import gather, identify

LONG: Final = 400  # characters of a text worth remembering
_REMEMBERED: Final = 16_384  # of each kind: 14 to 20 MB when full, twice that when full of long ones
_TENANTS: Final = 1_024
_TAG_COLUMNS: Final = (
    *("campaign_source", "campaign_medium", "campaign_name", "campaign_term", "campaign_content"),
    *("click_id", "click_id_kind"),
)  # in the order of `Campaign`
_namespace: Final = pattern(NAMESPACE).fullmatch

Columns = dict[str, object]
Lead = tuple[str, str]  # source, medium


class NotPlainError(ValueError):
    """A touch that only the contract can read or refuse."""


def encode_raw(*values: object) -> Raw:
    """Values one after another."""
    return Raw(encode_row(values))


class Page(NamedTuple):
    """The address of a page without its query."""

    columns: Raw  # url_host, url_path
    fields: Columns
    host: str
    page: str


def read_page(base: str) -> Page:
    """Of a full address without query and fragment."""
    parts = split_url(base)
    if isinstance(parts, Invalid):
        raise NotPlainError(parts.detail)
    fields: Columns = {"url_host": parts.host, "url_path": parts.path}
    return Page(encode_raw(*fields.values()), fields, parts.host, parts.page)


class Came(NamedTuple):
    """The page before."""

    columns: Raw  # referrer, referrer_host, referrer_class
    fields: Columns
    referrer: Referrer
    lead: Lead  # of a touch without tags


def read_came(referrer: str, own_host: str) -> Came:
    """Of a visit to a page of `own_host`; '' and '' of what is no visit."""
    host, came = came_from(referrer, own_host)
    kind = came.kind.value if own_host else ""
    fields: Columns = {"referrer": referrer, "referrer_host": host, "referrer_class": kind}
    return Came(encode_raw(*fields.values()), fields, came, lead_source(NONE, came))


class Tags(NamedTuple):
    """What an address is tagged with."""

    columns: Raw  # campaign_source to click_id_kind
    fields: Columns
    campaign: Campaign
    lead: Lead | None  # None: the page before decides


def read_tags(query: str) -> Tags:
    """Of a query without its `?`."""
    campaign = read_campaign(query)
    fields: Columns = dict(zip(_TAG_COLUMNS, campaign, strict=True))
    alone = lead_source(campaign, DIRECT) if campaign.source or campaign.click_id_kind else None
    return Tags(encode_raw(*campaign), fields, campaign, alone)


NO_TAGS: Final = read_tags("")
NO_CAME: Final = read_came("", "")


def lead_of(tags: Tags, came: Came) -> Lead:
    """`streams.enrichment.campaign.lead_source` of the two."""
    if tags.lead is not None:
        return tags.lead
    return came.lead if tags.campaign is NONE else lead_source(tags.campaign, came.referrer)


class Agent(NamedTuple):
    """A user agent."""

    columns: Raw  # user_agent, device, os, browser, bot
    fields: Columns
    device: str
    bot: bool


def read_agent(user_agent: str, machine: bool = False) -> Agent:
    """Of any text; '' is none. `machine`: a program made the touch, whatever its agent is."""
    told = as_program(read_device(user_agent)) if machine else read_device(user_agent)
    fields = {"user_agent": user_agent, **told._asdict()}
    return Agent(encode_raw(*fields.values()), fields, told.device, told.bot)


Who = tuple[tuple[str, ...], dict[str, str], tuple[str, ...], bytes, bool, str]
"""(identifiers, strongest first; ids that do not identify; the identifiers with their tenant; key of the record on
`activity`, empty if it identifies nobody; whether junk was among them; country of the telephone number)."""

Id = str | int | None
Ids = tuple[tuple[str, str | int], ...]


class People:
    """Who touches name, by what identifies and where telephone numbers are dialled."""

    def __init__(self, order: tuple[str, ...], region: str) -> None:
        self._order = order
        self._region = region
        self._known = lru_cache(_REMEMBERED)(self._read)

    def read(self, tenant: str, customer_id: Id, email: str | None, phone: str | None, visitor: Id, ids: Ids) -> Who:
        """Of a message's fields as they came, tenant and namespaces included."""
        found: Who | None = None
        if ids:
            return self._read(tenant, customer_id, email, phone, visitor, ids)
        # One alone, as most touches have it, is made faster than it is remembered.
        if customer_id is None:
            if visitor is None:
                if phone is None and email is not None:
                    found = self._one(tenant, "email", email)
                elif email is None and phone is not None:
                    found = self._one(tenant, "phone", phone)
            elif email is None and phone is None:
                found = self._one(tenant, "anonymous_id", visitor)
        return found or self._known(tenant, customer_id, email, phone, visitor, ids)

    def _one(self, tenant: str, namespace: str, value: str | int) -> Who | None:
        """None: it needs a closer look."""
        if isinstance(value, int) or not value.isprintable() or namespace not in self._order:
            return None
        clean = normalise(namespace, value, self._region)
        if not isinstance(clean, str):
            return None
        identifier = f"{namespace}:{clean}"
        key = f"{tenant}|{identifier}"
        return (identifier,), {}, (key,), key.encode(), False, country_of_phone(clean) if namespace == "phone" else ""

    def _read(self, tenant: str, customer_id: Id, email: str | None, phone: str | None, visitor: Id, ids: Ids) -> Who:
        others = {_check(namespace): read_name(value) for namespace, value in ids} if ids else {}
        if customer_id is not None:
            customer_id = read_name(customer_id)
        if visitor is not None:
            visitor = read_name(visitor)
        named = identify(gather(others, customer_id, email, phone, visitor), self._order, self._region)
        if named.bad:
            raise NotPlainError("an identifier cannot be read")
        keys = tuple([f"{tenant}|{identifier}" for identifier in named.identifiers])
        country = country_by_phone(named.identifiers) if phone is not None or ids else ""
        return named.identifiers, named.others, keys, keys[0].encode() if keys else b"", named.junk, country


def _check(namespace: str) -> str:
    if not _namespace(namespace):
        raise NotPlainError("a namespace is no name")
    return namespace


@lru_cache(_TENANTS)
def known_tenant(tenant: str) -> Raw:
    """Its column."""
    if not is_name(tenant):
        raise NotPlainError("a tenant is no name")
    return encode_raw(tenant)


def found_traits(country: str, device: str) -> dict[str, str]:
    """Traits that we found out ourselves."""
    return {name: value for name, value in ((COUNTRY, country), (DEVICE, device)) if value}


@lru_cache(_REMEMBERED)
def encode_found(country: str, device: str) -> Raw:
    """`found_traits`, encoded."""
    return encode_raw(found_traits(country, device))


NO_PAGE: Final = Page(encode_raw("", ""), {}, "", "")
NO_AGENT: Final = read_agent("")
known_page: Final = lru_cache(_REMEMBERED)(read_page)
known_came: Final = lru_cache(_REMEMBERED)(read_came)
known_tags: Final = lru_cache(_REMEMBERED)(read_tags)
known_agent: Final = lru_cache(_REMEMBERED)(read_agent)
