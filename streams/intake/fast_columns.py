"""What a plain message of each shape brings to its row, and what the fold reads of it."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Raw

from schemas.columns import EVENT_HEAD
from schemas.fast_structs import PlainCall, PlainEmail, PlainVisit, Shape
from schemas.flags import Flag
from streams.enrichment.country import EnrichFailed
from streams.enrichment.machine_opens import FLAGS, has_machine_flag, is_prefetcher
from streams.enrichment.pipeline import Lookups
from streams.enrichment.url import split_query
from streams.intake.column_cache import (
    LONG,
    NO_CAME,
    NO_TAGS,
    Agent,
    Columns,
    NotPlainError,
    Page,
    Tags,
    encode_raw,
    known_agent,
    known_came,
    known_page,
    known_tags,
    lead_of,
    read_agent,
    read_came,
    read_page,
    read_tags,
)

_NAMES: Final = [column.name for column in EVENT_HEAD]


def _empty(first: str, last: str) -> Raw:
    """The columns from one to another as a row has them that says nothing about them."""
    some = EVENT_HEAD[_NAMES.index(first) : _NAMES.index(last) + 1]
    return encode_raw(*[column.empty for column in some])


_PAGE: Final = _empty("url", "title")
_BROWSER: Final = _empty("url", "ip")
_SCREEN: Final = _empty("screen", "engaged_ms")
_NOT_CALLED_FOR: Final = _empty("screen", "lead_source")
_MAIL: Final = _empty("message_id", "link_url")
_CALL: Final = _empty("duration_s", "queue")
_MAIL_AND_CALL: Final = _empty("direction", "queue")


Part = tuple[tuple[object, ...], tuple[Columns, ...], str, str, bool, str, str, str, str, Flag | None]
"""(the columns from `url` to `queue`, in fewer pieces than there are; columns that the rules may ask for beside the
message's own fields; country; device; bot; page; source; medium; campaign; flag of an open or click made by a
machine)."""


def _country(ip: str | None, by_phone: str, lookups: Lookups) -> str:
    if not ip or lookups.country_by_ip is None:
        return by_phone
    found = lookups.country_by_ip.country(ip)
    if isinstance(found, EnrichFailed):
        raise NotPlainError(found.detail)
    return found or by_phone


def _agent(user_agent: str | None, machine: bool = False) -> Agent:
    text = user_agent or ""
    return known_agent(text, machine) if len(text) < LONG else read_agent(text, machine)


def _machine_flag(said: PlainEmail) -> Flag | None:
    flag = FLAGS.get(said.type)
    if flag is None:
        return None
    by_agent = said.user_agent is not None and is_prefetcher(said.user_agent)
    return flag if by_agent or (said.properties and has_machine_flag(said.properties)) else None


def _page_and_tags(url: str) -> tuple[Page, Tags]:
    base, query = split_query(url)
    page = known_page(base) if len(base) < LONG else read_page(base)
    if not query:
        return page, NO_TAGS
    return page, known_tags(query) if len(query) < LONG else read_tags(query)


def _visit(said: PlainVisit, by_phone: str, lookups: Lookups) -> Part:
    page, tags = _page_and_tags(said.url)
    referrer = said.referrer or ""
    came = known_came(referrer, page.host) if len(referrer) < LONG else read_came(referrer, page.host)
    source, medium = lead_of(tags, came)
    agent, country = _agent(said.user_agent), _country(said.ip, by_phone, lookups)
    columns = (
        said.url,
        page.columns,
        came.columns,
        said.title or "",
        agent.columns,
        said.ip or "",
        country,
        said.screen or "",
        said.engaged_ms,
        tags.columns,
        source,
        _MAIL_AND_CALL,
    )
    fields = (page.fields, came.fields, tags.fields, agent.fields)
    return (columns, fields, country, agent.device, agent.bot, page.page, source, medium, tags.campaign.name, None)


def _email(said: PlainEmail, by_phone: str, lookups: Lookups) -> Part:
    tags = _page_and_tags(said.link_url)[1] if said.link_url else NO_TAGS
    source, medium = lead_of(tags, NO_CAME)
    machine = _machine_flag(said)
    agent, country = _agent(said.user_agent, machine is not None), _country(said.ip, by_phone, lookups)
    message_id = said.message_id or ""
    if not message_id.isprintable() or message_id != message_id.strip():
        raise NotPlainError("an id has strange characters, or blanks around it")
    columns = (
        _PAGE,
        agent.columns,
        said.ip or "",
        country,
        _SCREEN,
        tags.columns,
        source,
        said.direction,
        message_id,
        said.subject or "",
        said.campaign or "",
        said.link_url or "",
        _CALL,
    )
    fields = (tags.fields, agent.fields)
    campaign = tags.campaign.name or said.campaign or ""
    return (columns, fields, country, agent.device, agent.bot, "", source, medium, campaign, machine)


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
    return (columns, (), by_phone, "", False, "", "", "", "", None)


ROWS: Final[dict[type[Shape], Callable[[Any, str, Lookups], Part]]] = {
    PlainVisit: _visit,
    PlainEmail: _email,
    PlainCall: _call,
}
