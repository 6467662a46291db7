"""What a plain message of each shape brings to its row, and what the fold reads of it."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from msgspec import Raw

from schemas.columns import EVENT_HEAD
from schemas.shapes import PlainCall, PlainEmail, PlainVisit, Shape
from streams.fold.enrich import Lookups
from streams.fold.parts import (
    LONG,
    Agent,
    Columns,
    NotPlainError,
    known_agent,
    known_arrival,
    known_page,
    read_agent,
    read_arrival,
    read_page,
)
from streams.fold.place import EnrichFailed
from streams.fold.row import encode_row

_NAMES: Final = [column.name for column in EVENT_HEAD]


def _empty(first: str, last: str) -> Raw:
    """The columns from one to another as a row has them that says nothing about them."""
    some = EVENT_HEAD[_NAMES.index(first) : _NAMES.index(last) + 1]
    return Raw(encode_row([column.empty for column in some]))


_PAGE: Final = _empty("url", "title")
_BROWSER: Final = _empty("url", "ip")
_SCREEN: Final = _empty("screen", "engaged_ms")
_NOT_CALLED_FOR: Final = _empty("screen", "lead_source")
_MAIL: Final = _empty("message_id", "link_url")
_CALL: Final = _empty("duration_s", "queue")
_MAIL_AND_CALL: Final = _empty("direction", "queue")
_NO_LEAD: Final = Raw(encode_row(["", ""]))


class Part(NamedTuple):
    """`columns`: those from `url` to `queue`, in fewer pieces than there are. `fields`: what the rules may ask for
    beside the message's own fields."""

    columns: tuple[object, ...]
    fields: tuple[Columns, ...]
    country: str
    device: str
    bot: bool
    page: str
    lead: Raw  # source, medium
    campaign: str


def _country(ip: str | None, by_phone: str, lookups: Lookups) -> str:
    if not ip or lookups.country_by_ip is None:
        return by_phone
    found = lookups.country_by_ip.country(ip)
    if isinstance(found, EnrichFailed):
        raise NotPlainError(found.detail)
    return found or by_phone


def _agent(user_agent: str | None) -> Agent:
    text = user_agent or ""
    return known_agent(text) if len(text) < LONG else read_agent(text)


def _visit(said: PlainVisit, by_phone: str, lookups: Lookups) -> Part:
    url, referrer = said.url, said.referrer or ""
    page = known_page(url) if len(url) < LONG else read_page(url)
    arrive = known_arrival if len(referrer) + len(page.query) < LONG else read_arrival
    arrival = arrive(page.query, referrer, page.host)
    agent, country = _agent(said.user_agent), _country(said.ip, by_phone, lookups)
    columns = (
        page.columns,
        arrival.referrer,
        said.title or "",
        agent.columns,
        said.ip or "",
        country,
        said.screen or "",
        said.engaged_ms,
        arrival.tags,
        _MAIL_AND_CALL,
    )
    fields = (page.fields, arrival.fields, agent.fields)
    return Part(columns, fields, country, agent.device, agent.bot, page.page, arrival.lead, arrival.campaign)


def _email(said: PlainEmail, by_phone: str, lookups: Lookups) -> Part:
    link = said.link_url
    query = "" if link is None else (known_page(link) if len(link) < LONG else read_page(link)).query
    arrival = (known_arrival if len(query) < LONG else read_arrival)(query, "", "")
    agent, country = _agent(said.user_agent), _country(said.ip, by_phone, lookups)
    message_id, campaign = said.message_id or "", said.campaign or ""
    if not message_id.isprintable():
        raise NotPlainError("an id has strange characters")
    columns = (
        _PAGE,
        agent.columns,
        said.ip or "",
        country,
        _SCREEN,
        arrival.tags,
        said.direction,
        message_id,
        said.subject or "",
        campaign,
        link or "",
        _CALL,
    )
    fields, campaign = (arrival.fields, agent.fields), arrival.campaign or campaign
    return Part(columns, fields, country, agent.device, agent.bot, "", arrival.lead, campaign)


def _call(said: PlainCall, by_phone: str, _lookups: Lookups) -> Part:
    columns = (
        _BROWSER,
        by_phone,
        _NOT_CALLED_FOR,
        said.direction,
        _MAIL,
        said.duration_s,
        said.wait_s,
        said.outcome or "",
        said.agent or "",
        said.queue or "",
    )
    return Part(columns, (), by_phone, "", False, "", _NO_LEAD, "")


ROWS: Final[dict[type[Shape], Callable[[Any, str, Lookups], Part]]] = {
    PlainVisit: _visit,
    PlainEmail: _email,
    PlainCall: _call,
}
