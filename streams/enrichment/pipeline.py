"""The enrichment of a touch from its own fields: page, campaign, referrer, device, bot, country, traits.

A failed step sets the flag `enrich_failed`; the touch is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar, TypeVarTuple

from schemas.flags import Flag
from schemas.identifiers.identifier import Invalid
from schemas.property_values import text_of
from schemas.raw_touch import RawTouch
from streams.enrichment.campaign import NONE, Campaign, lead_source, read_campaign
from streams.enrichment.country import CountryByIp, EnrichFailed, country_of_phone
from streams.enrichment.machine_opens import has_machine_flag, is_prefetcher
from streams.enrichment.referrer import DIRECT, Referrer, classify, referrer_host
from streams.enrichment.url import Url, split_url
from streams.enrichment.user_agent import UNKNOWN, Device, as_program, read_device

COUNTRY: Final = "$country"  # traits that enrichment sets
DEVICE: Final = "$device"
_NOWHERE: Final = Url("", "", "")


class Lookups(NamedTuple):
    """Lookups outside the touch: the country of an IP address, if the operator provides a database."""

    country_by_ip: CountryByIp | None = None


@dataclass(frozen=True, slots=True)
class Enriched:
    """`fields` are by column; the other values are for engage."""

    fields: dict[str, Any]
    flags: tuple[Flag, ...]
    bot: bool
    page: str
    source: str
    medium: str
    campaign: str
    traits: dict[str, str]


def _parts(url: str | None) -> Url:
    parts = split_url(url) if url else _NOWHERE
    return _NOWHERE if isinstance(parts, Invalid) else parts


T = TypeVar("T")
Given = TypeVarTuple("Given")


class _Steps:
    """Runs the steps one by one: an exception costs the touch the result of that step and nothing else."""

    failed = False

    def run(self, otherwise: T, step: Callable[[*Given], T], *given: *Given) -> T:
        """Return the result of `step`, or `otherwise` if it raises."""
        try:
            return step(*given)
        except Exception:
            self.failed = True
            return otherwise


def came_from(referrer: str, own_host: str) -> tuple[str, Referrer]:
    """Return (host of the referrer, its class) of a visit to `own_host`."""
    host = referrer_host(referrer) if referrer else ""
    return host, classify(host, own_host) if own_host else DIRECT


def _campaign(query: str, link_url: str | None) -> Campaign:
    """Return the campaign of a page's parameters, or else that of the clicked link."""
    query = query or _parts(link_url).query
    return read_campaign(query) if query else NONE


def _country_by_ip(ip: str | None, lookups: Lookups, steps: _Steps) -> str:
    found = lookups.country_by_ip.country(ip) if ip and lookups.country_by_ip else ""
    if isinstance(found, EnrichFailed):
        steps.failed = True
        return ""
    return found


def country_by_phone(identifiers: tuple[str, ...]) -> str:
    """Return the country of the telephone number among the identifiers, '' without one."""
    phone = next((one.removeprefix("phone:") for one in identifiers if one.startswith("phone:")), "")
    return country_of_phone(phone) if phone else ""


def _country(raw: RawTouch, identifiers: tuple[str, ...], lookups: Lookups, steps: _Steps) -> str:
    """Return the country of the IP address, or else that of the telephone number."""
    there = steps.run("", _country_by_ip, raw.fields.get("ip"), lookups, steps)
    return there or steps.run("", country_by_phone, identifiers)


def read_traits(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the traits that a touch has of its customer. Names that begin with `$` are reserved."""
    given = properties.get("traits")
    if not isinstance(given, dict):
        return {}
    return {name: text_of(value) for name, value in given.items() if value is not None and not name.startswith("$")}


def _machine_flag(raw: RawTouch) -> Flag | None:
    """Return the flag of an open or a click made by a machine, or None."""
    flag = type(raw).MACHINE_FLAGS.get(raw.type)
    if flag is None:
        return None
    by_agent = is_prefetcher(raw.fields.get("user_agent") or "")
    return flag if by_agent or has_machine_flag(raw.unnamed) or has_machine_flag(raw.properties) else None


def enrich(raw: RawTouch, identifiers: tuple[str, ...], lookups: Lookups) -> Enriched:
    """Run every step. It does nothing for fields that the channel does not have."""
    values, steps = raw.fields, _Steps()
    url = _parts(values.get("url"))
    from_host, referrer = steps.run(("", DIRECT), came_from, values.get("referrer") or "", url.host)
    campaign = steps.run(NONE, _campaign, url.query, values.get("link_url"))
    source, medium = lead_source(campaign, referrer)
    device = steps.run(UNKNOWN, read_device, values.get("user_agent") or "")
    machine = steps.run(None, _machine_flag, raw)
    if machine:
        device = as_program(device)
    country = _country(raw, identifiers, lookups, steps)
    nothing: dict[str, str] = {}
    traits = steps.run(nothing, read_traits, raw.properties)
    found = {COUNTRY: country, DEVICE: device.device}
    return Enriched(
        fields=_fields(url, from_host, referrer.kind.value if url.host else "", campaign, source, device, country),
        flags=(*((Flag.ENRICH_FAILED,) if steps.failed else ()), *((machine,) if machine else ())),
        bot=device.bot,
        page=url.page if url.host else "",
        source=source,
        medium=medium,
        campaign=campaign.name or values.get("campaign") or "",
        traits=traits | {name: value for name, value in found.items() if value},
    )


def _fields(
    url: Url, from_host: str, came_from: str, campaign: Campaign, source: str, device: Device, country: str
) -> dict[str, Any]:
    return {
        "url_host": url.host,
        "url_path": url.path,
        "referrer_host": from_host,
        "referrer_class": came_from,
        "campaign_source": campaign.source,
        "campaign_medium": campaign.medium,
        "campaign_name": campaign.name,
        "campaign_term": campaign.term,
        "campaign_content": campaign.content,
        "click_id": campaign.click_id,
        "click_id_kind": campaign.click_id_kind,
        "lead_source": source,
        "device": device.device,
        "os": device.os,
        "browser": device.browser,
        "bot": device.bot,
        "country": country,
    }
