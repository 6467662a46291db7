"""The columns that channels declare, as the fast path fills them from a message."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from itertools import groupby
from math import floor
from typing import Any, Final, get_type_hints

from schemas.channels import CHANNELS
from schemas.column import AGENT, APP, CAMPAIGN, ITEMS, LABEL, PAGE, PLACE, REAL, REFERRER, TEXT
from schemas.columns import EVENT_DETAILS
from schemas.flags import Flag
from schemas.money import Money, parse_money
from schemas.property_values import texts_of
from schemas.raw_touch import ABSENT, Id, Name, PlausibleTime, RawTouch, read_name
from schemas.row_binary import Encode, encode_real, encode_text, encode_values, encoder_of
from schemas.timestamps import EARLIEST_MS, END_MS
from streams.enrichment.country import CountryByIp, EnrichFailed
from streams.enrichment.machine_opens import has_machine_flag, is_prefetcher
from streams.enrichment.pipeline import Lookups
from streams.enrichment.url import split_query
from streams.intake.column_cache import (
    LONG,
    NO_AGENT,
    NO_APP,
    NO_PAGE,
    NO_REFERRER,
    NO_TAGS,
    Columns,
    NeedsReferencePathError,
    Page,
    Tags,
    encode_label,
    known_agent,
    known_app,
    known_page,
    known_referrer,
    known_tags,
    lead_of,
    read_agent,
    read_page,
    read_referrer,
    read_tags,
)

_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MS: Final = timedelta(milliseconds=1)
_from_iso: Final = datetime.fromisoformat
_GROUPS: Final = {
    "COUNTRY": PLACE[-1:],
    "PAGE": PAGE[1:],
    "REFERRER": REFERRER,
    "AGENT": AGENT,
    "CAMPAIGN": CAMPAIGN[:-1],
    "LEAD_SOURCE": CAMPAIGN[-1:],
    "APP": APP,
    "ITEMS": ITEMS,
}
"""Columns that are encoded together, by what they are encoded from. Some columns have such a name, too."""


_LABELS: Final = ("COUNTRY", "LEAD_SOURCE")  # of the groups, those that are given as texts
_OTHERWISE: Final = {"{}": " or {}"}
"""By the empty value of a column: what fills it if the message has no value, where its encoder needs one."""

_ENCODE: Final[Mapping[str, Encode]] = {TEXT: encode_text, LABEL: encode_label, REAL: encode_real}
"""By type, what encodes a value or none faster than the general function."""

ColumnsOf = Callable[..., bytes]
ChannelValues = tuple[bytes, tuple[Columns, ...], str, str, bool, str, str, str, str, Flag | None]
"""(EVENT_DETAILS, encoded; columns that rules may ask for beside the message's own
fields; country; device; whether a bot made it; page; source; medium; campaign; flag of an open or click made by a
machine). A plain tuple, since a named one takes longer to make than most of its values."""


class ChannelColumns:
    """Fills the columns of one channel's messages."""

    __slots__ = (
        "_agent",
        "_app",
        "_campaign",
        "_columns",
        "_converted",
        "_country_by_ip",
        "_ids",
        "_items",
        "_link",
        "_machine_flags",
        "_page",
        "_plain",
        "_referrer",
        "_required",
    )

    def __init__(self, channel: str, lookups: Lookups) -> None:
        model = CHANNELS[channel]
        filled = {name for name, group in _GROUPS.items() if all(one in model.COLUMNS for one in group)} | {"COUNTRY"}
        self._page, self._referrer, self._agent = "PAGE" in filled, "REFERRER" in filled, "AGENT" in filled
        self._app = "APP" in filled
        types = {one for by in model.REQUIRED_BY.values() for one in by}
        self._required = {one: [name for name, by in model.REQUIRED_BY.items() if one in by] for one in types}
        self._link = "link_url" in model.model_fields
        self._country_by_ip = lookups.country_by_ip if "ip" in model.model_fields else None
        self._campaign = "campaign" in model.model_fields
        self._machine_flags = model.MACHINE_FLAGS
        hints = get_type_hints(model, include_extras=True)
        own = model.model_fields.keys() - RawTouch.model_fields.keys()
        self._ids = [name for name in own if hints[name] in (Id, Name, Id | None, Name | None)]
        self._converted = [(name, convert) for name in own if (convert := _converter_of(hints[name]))]
        self._items = "ITEMS" in filled
        self._plain = filled <= {"COUNTRY", "ITEMS"}  # most channels: nothing but their own fields
        self._columns = _compile_columns(model.model_fields.keys(), filled)

    def read(self, message: Any, country_by_phone: str) -> ChannelValues:
        """Return the values of a message. Raises NeedsReferencePathError, or what its values cause."""
        for name in self._required.get(message.type, ()):
            if getattr(message, name) in ABSENT:
                raise NeedsReferencePathError(f"{name} is missing")
        for name in self._ids:
            value = getattr(message, name)
            if value is not None and (isinstance(value, int) or not value.isprintable() or value != value.strip()):
                setattr(message, name, _read_id(value))
        for name, convert in self._converted:
            if (value := getattr(message, name)) is not None:
                setattr(message, name, convert(value))
        if self._plain:
            items = (encode_items(message.items) if message.items else NO_ITEMS) if self._items else None
            campaign = message.campaign or "" if self._campaign else ""
            return (
                self._columns(message, country_by_phone, ITEMS=items),
                (),
                country_by_phone,
                "",
                False,
                "",
                "",
                "",
                campaign,
                None,
            )
        page, tags, referrer, agent = NO_PAGE, NO_TAGS, NO_REFERRER, NO_AGENT
        if self._page and message.url:
            page, tags = _page_and_tags(message.url)
        if self._link and tags is NO_TAGS and message.link_url:
            tags = _page_and_tags(message.link_url)[1]
        if self._referrer:
            text = message.referrer or ""
            referrer = known_referrer(text, page.host) if len(text) < LONG else read_referrer(text, page.host)
        machine = self._machine_flag(message) if self._machine_flags else None
        if self._agent:
            text = message.user_agent or ""
            by_machine = machine is not None
            agent = known_agent(text, by_machine) if len(text) < LONG else read_agent(text, by_machine)
        country = country_by_phone
        if self._country_by_ip is not None and message.ip:
            country = _country_of(message.ip, self._country_by_ip) or country
        source, medium = lead_of(tags, referrer)
        app = NO_APP
        if self._app and message.app is not None:
            app = known_app(message.app.name or "", message.app.version or "", message.app.build or "")
        columns = self._columns(
            message, country, page.columns, referrer.columns, agent.columns, tags.columns, source, app.columns
        )
        fields = (page.fields, referrer.fields, tags.fields, agent.fields, app.fields)
        campaign = tags.campaign.name or (self._campaign and message.campaign) or ""
        return (columns, fields, country, agent.device, agent.bot, page.page, source, medium, campaign, machine)

    def _machine_flag(self, message: Any) -> Flag | None:
        flag = self._machine_flags.get(message.type)
        if flag is None:
            return None
        by_agent = self._agent and is_prefetcher(message.user_agent or "")
        return flag if by_agent or (message.properties and has_machine_flag(message.properties)) else None


def _converter_of(hint: Any) -> Callable[[Any], object] | None:
    """Return what makes the value of a column from that of a field, or None if they are the same."""
    kinds: dict[Any, Callable[[Any], object]] = {Money: parse_money, PlausibleTime: read_ms, dict[str, Any]: texts_of}
    return next((convert for kind, convert in kinds.items() if hint in (kind, kind | None)), None)


def _compile_columns(fields: Set[str], filled: Set[str]) -> ColumnsOf:
    """Return the function (message, *values of _GROUPS) -> EVENT_DETAILS of a channel; it uses the groups in `filled`.

    Columns that the channel does not fill are constants, one for each run of such columns. The function is compiled
    from an expression, as `collections.namedtuple` compiles its: a loop over the columns takes three times as long.
    """
    group_of = {column.name: group for group in filled for column in _GROUPS[group]}
    names: dict[str, object] = {"join": b"".join}
    values: list[str] = []
    for group, run in groupby(
        EVENT_DETAILS, lambda column: group_of.get(column.name, "" if column.name in fields else None)
    ):
        columns = list(run)
        if group is None:
            name = f"constant_{len(names)}"
            names[name] = encode_values(columns, [column.empty for column in columns])
            values.append(name)
        elif group:
            values.append(f"label({group})" if group in _LABELS else group)
        else:
            for column in columns:
                name = f"encode_{len(names)}"
                names[name] = _ENCODE.get(column.type) or encoder_of(column.type)
                values.append(f"{name}(message.{column.name}{_OTHERWISE.get(str(column.empty), '')})")
    names["label"] = encode_label
    source = f"lambda message, {'=None, '.join(_GROUPS)}=None: join(({', '.join(values)},))"
    compiled: ColumnsOf = eval(source, names)
    return compiled


def _country_of(ip: str, by_ip: CountryByIp) -> str:
    found = by_ip.country(ip)
    if isinstance(found, EnrichFailed):
        raise NeedsReferencePathError(found.detail)
    return found


def read_ms(value: str | float) -> int:
    """Return epoch milliseconds of a time in the common forms. `schemas.timestamps.parse_time` reads all others."""
    if isinstance(value, str):
        time = _from_iso(value)
        if time.tzinfo is None:
            raise NeedsReferencePathError("a time has no zone")
        ms = (time - _EPOCH) // _MS
    else:
        ms = value if isinstance(value, int) else floor(value)
    if EARLIEST_MS <= ms < END_MS:
        return ms
    raise NeedsReferencePathError("a time is outside the plausible range")


def encode_items(items: Sequence[Any]) -> bytes:
    """Return the columns of an order's items, as the fast path reads them."""
    ids = [one.sku if _is_plain_id(one.sku) else _read_id(one.sku) for one in items]
    prices = [0 if one.price is None else parse_money(one.price) for one in items]
    quantities = [1.0 if one.quantity is None else one.quantity for one in items]
    return encode_values(ITEMS, (ids, [one.name or "" for one in items], prices, quantities))


NO_ITEMS: Final = encode_items(())


def _is_plain_id(value: str | int | None) -> bool:
    return isinstance(value, str) and value.isprintable() and value == value.strip()


def _read_id(value: str | int | None) -> str:
    """Return the digits of a whole number, '' for None.

    Raises NeedsReferencePathError on texts that the model cleans or refuses.
    """
    if value is None:
        return ""
    if isinstance(value, int):
        return read_name(value)
    raise NeedsReferencePathError("an id has control characters, or blanks around it")


def _page_and_tags(url: str) -> tuple[Page, Tags]:
    base, query = split_query(url)
    page = known_page(base) if len(base) < LONG else read_page(base)
    if not query:
        return page, NO_TAGS
    return page, known_tags(query) if len(query) < LONG else read_tags(query)
