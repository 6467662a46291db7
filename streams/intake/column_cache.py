"""Parts of a touch that repeat (page, referrer, campaign, user agent, app, identifiers), computed once and cached.

Each part has its columns of the row already encoded and joined, the same values by column for rules, and what engage
needs. A value that the reference path may refuse raises `NeedsReferencePathError`.
"""

from functools import lru_cache
from re import compile as pattern
from typing import Final, NamedTuple

from msgspec import Raw

from schemas.column import AGENT, APP, CAMPAIGN, PAGE, REFERRER
from schemas.identifiers.identifier import Invalid, is_name, normalise
from schemas.msgpack_values import encode_value
from schemas.raw_touch import NAMESPACE, read_name
from schemas.row_binary import EMPTY, encode_length, encode_text, encode_text_map, encode_texts, encode_values
from streams.enrichment.campaign import NONE, Campaign, lead_source, read_campaign
from streams.enrichment.country import country_of_phone
from streams.enrichment.pipeline import COUNTRY, DEVICE, came_from, country_by_phone
from streams.enrichment.referrer import DIRECT, Referrer
from streams.enrichment.url import split_url
from streams.enrichment.user_agent import as_program, read_device
from streams.intake.identifiers import gather, identify

LONG: Final = 400  # characters from which on a text is not cached
_CACHED: Final = 16_384  # entries of each cache: 14 to 20 MB when full, twice that with long texts
_TENANTS: Final = 1_024
_APPS: Final = 1_024
_TAG_COLUMNS: Final = (
    *("campaign_source", "campaign_medium", "campaign_name", "campaign_term", "campaign_content"),
    *("click_id", "click_id_kind"),
)  # in the order of `Campaign`
_ONE: Final = encode_length(1)
_namespace: Final = pattern(NAMESPACE).fullmatch

Columns = dict[str, object]
Lead = tuple[str, str]  # source, medium


class NeedsReferencePathError(ValueError):
    """The message is left to the reference path, which may accept or refuse it."""


encode_label: Final = lru_cache(_CACHED)(encode_text)
"""Encode a text of few distinct values."""


@lru_cache(_CACHED)
def encode_origin(source: str | None, library: str | None, library_version: str | None) -> bytes:
    """Return the columns `source`, `library` and `library_version`."""
    return encode_text(source) + encode_text(library) + encode_text(library_version)


def encode_raw(value: object) -> Raw:
    """Return a value of the record on `activity`, encoded."""
    return Raw(encode_value(value))


class Page(NamedTuple):
    """A page address without its query."""

    columns: bytes  # url_host, url_path
    fields: Columns
    host: str
    page: str


def read_page(base: str) -> Page:
    """Return the page of a full address without query and fragment."""
    parts = split_url(base)
    if isinstance(parts, Invalid):
        raise NeedsReferencePathError(parts.detail)
    fields: Columns = {"url_host": parts.host, "url_path": parts.path}
    return Page(encode_values(PAGE[1:], fields.values()), fields, parts.host, parts.page)


class ReferrerColumns(NamedTuple):
    """The referrer of a touch."""

    columns: bytes  # referrer, referrer_host, referrer_class
    fields: Columns
    referrer: Referrer
    lead: Lead  # of a touch without campaign tags


def read_referrer(referrer: str, own_host: str) -> ReferrerColumns:
    """Return the columns of a referrer, as seen from a page of `own_host`; '' if the touch has no page."""
    host, kind = came_from(referrer, own_host)
    name = kind.kind.value if own_host else ""
    fields: Columns = {"referrer": referrer, "referrer_host": host, "referrer_class": name}
    return ReferrerColumns(encode_values(REFERRER, fields.values()), fields, kind, lead_source(NONE, kind))


class Tags(NamedTuple):
    """The campaign tags of an address."""

    columns: bytes  # campaign_source to click_id_kind
    fields: Columns
    campaign: Campaign
    lead: Lead | None  # None if the referrer decides


def read_tags(query: str) -> Tags:
    """Return the campaign tags of a query without its `?`."""
    campaign = read_campaign(query)
    fields: Columns = dict(zip(_TAG_COLUMNS, campaign, strict=True))
    alone = lead_source(campaign, DIRECT) if campaign.source or campaign.click_id_kind else None
    return Tags(encode_values(CAMPAIGN[:-1], campaign), fields, campaign, alone)


NO_TAGS: Final = read_tags("")
NO_REFERRER: Final = read_referrer("", "")


def lead_of(tags: Tags, came: ReferrerColumns) -> Lead:
    """Return what `streams.enrichment.campaign.lead_source` returns for both."""
    if tags.lead is not None:
        return tags.lead
    return came.lead if tags.campaign is NONE else lead_source(tags.campaign, came.referrer)


class Agent(NamedTuple):
    """A user agent."""

    columns: bytes  # user_agent, device, os, browser, bot
    fields: Columns
    device: str
    bot: bool


def read_agent(user_agent: str, machine: bool = False) -> Agent:
    """Return the columns of a user agent, '' for none. With `machine`, a program made the touch whatever its agent."""
    device = as_program(read_device(user_agent)) if machine else read_device(user_agent)
    fields = {"user_agent": user_agent, **device._asdict()}
    return Agent(encode_values(AGENT, fields.values()), fields, device.device, device.bot)


class AppColumns(NamedTuple):
    """The app of a touch."""

    columns: bytes  # app_name, app_version, app_build
    fields: Columns


def read_app(name: str, version: str, build: str) -> AppColumns:
    """Return the columns of an app."""
    fields: Columns = {"app_name": name, "app_version": version, "app_build": build}
    return AppColumns(encode_values(APP, fields.values()), fields)


ResolvedIdentifiers = tuple[bytes, tuple[str, ...], bytes, bool, str]
"""(the columns `identifiers` and `ids`; the identifiers with their tenant, strongest first; key of the record on
`activity`, empty without identifiers; whether one was junk; country of the telephone number). A plain tuple, since one
is made for each touch."""

Id = str | int | None
Ids = tuple[tuple[str, str | int], ...]


class IdentifierReader:
    """Reads the identifiers of messages, given the namespaces that identify and the region of telephone numbers."""

    def __init__(self, order: tuple[str, ...], region: str) -> None:
        self._order = order
        self._region = region
        self._known = lru_cache(_CACHED)(self._read)

    def read(
        self, tenant: str, customer_id: Id, email: str | None, phone: str | None, visitor: Id, ids: Ids
    ) -> ResolvedIdentifiers:
        """Return the identifiers of a message, from its fields as they were sent."""
        found: ResolvedIdentifiers | None = None
        if ids:
            return self._read(tenant, customer_id, email, phone, visitor, ids)
        # A single identifier, as most touches have, is faster to compute than to look up.
        if customer_id is None:
            if visitor is None:
                if phone is None and email is not None:
                    found = self._one(tenant, "email", email)
                elif email is None and phone is not None:
                    found = self._one(tenant, "phone", phone)
            elif email is None and phone is None:
                found = self._one(tenant, "anonymous_id", visitor)
        return found or self._known(tenant, customer_id, email, phone, visitor, ids)

    def _one(self, tenant: str, namespace: str, value: str | int) -> ResolvedIdentifiers | None:
        """Return the result of a single identifier. None means that it takes the general way."""
        if isinstance(value, int) or not value.isprintable() or namespace not in self._order:
            return None
        clean = normalise(namespace, value, self._region)
        if not isinstance(clean, str):
            return None
        identifier = f"{namespace}:{clean}"
        key = f"{tenant}|{identifier}"
        columns = _ONE + encode_text(identifier) + EMPTY
        return columns, (key,), key.encode(), False, country_of_phone(clean) if namespace == "phone" else ""

    def _read(
        self, tenant: str, customer_id: Id, email: str | None, phone: str | None, visitor: Id, ids: Ids
    ) -> ResolvedIdentifiers:
        others = {_check(namespace): read_name(value) for namespace, value in ids} if ids else {}
        if customer_id is not None:
            customer_id = read_name(customer_id)
        if visitor is not None:
            visitor = read_name(visitor)
        identified = identify(gather(others, customer_id, email, phone, visitor), self._order, self._region)
        if identified.bad:
            raise NeedsReferencePathError("an identifier cannot be read")
        keys = tuple([f"{tenant}|{identifier}" for identifier in identified.identifiers])
        country = country_by_phone(identified.identifiers) if phone is not None or ids else ""
        key = keys[0].encode() if keys else b""
        columns = encode_texts(identified.identifiers) + encode_text_map(identified.others)
        return columns, keys, key, identified.junk, country


def _check(namespace: str) -> str:
    if not _namespace(namespace):
        raise NeedsReferencePathError("a namespace is not a valid name")
    return namespace


class Tenant(NamedTuple):
    """A tenant as the row and as the record on `activity` have it."""

    column: bytes
    field: Raw


@lru_cache(_TENANTS)
def known_tenant(tenant: str) -> Tenant:
    """Return the encoded forms of a tenant."""
    if not is_name(tenant):
        raise NeedsReferencePathError("a tenant is not a valid name")
    return Tenant(encode_text(tenant), encode_raw(tenant))


def found_traits(country: str, device: str) -> dict[str, str]:
    """Return the traits that enrichment found."""
    return {name: value for name, value in ((COUNTRY, country), (DEVICE, device)) if value}


@lru_cache(_CACHED)
def encode_found(country: str, device: str) -> Raw:
    """Return `found_traits`, encoded."""
    return encode_raw(found_traits(country, device))


NO_PAGE: Final = Page(encode_values(PAGE[1:], ("", "")), {}, "", "")
NO_AGENT: Final = read_agent("")
NO_APP: Final = read_app("", "", "")
known_page: Final = lru_cache(_CACHED)(read_page)
known_referrer: Final = lru_cache(_CACHED)(read_referrer)
known_tags: Final = lru_cache(_CACHED)(read_tags)
known_agent: Final = lru_cache(_CACHED)(read_agent)
known_app: Final = lru_cache(_APPS)(read_app)
