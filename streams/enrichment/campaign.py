"""Which campaign a link belongs to, by the parameters that links are tagged with, and where a touch came from all
in all.

`utm_*`: the five parameters that Google Analytics took over from Urchin. Click ids: what an advertising network
adds to a link by itself. Source and medium are lower-cased, since `Google` and `google` are one source; names,
terms and contents stay as they were written.
"""

from functools import lru_cache
from re import compile as pattern
from typing import Final, NamedTuple

from streams.enrichment.referrer import Referrer, ReferrerClass
from streams.enrichment.url import parameters

_LONGEST: Final = 200  # characters of a value kept

NETWORKS: Final = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "dclid": ("google", "display"),
    "gad_source": ("google", "cpc"),  # Google's aggregate identifier: names no click
    "msclkid": ("bing", "cpc"),
    "yclid": ("yandex", "cpc"),
    "sznclid": ("seznam", "cpc"),
    "ttclid": ("tiktok", "paid_social"),
    "li_fat_id": ("linkedin", "paid_social"),
    "twclid": ("x", "paid_social"),
    "rdt_cid": ("reddit", "paid_social"),
    "sccid": ("snapchat", "paid_social"),
    "epik": ("pinterest", "paid_social"),
    "qclid": ("quora", "paid_social"),
    "ndclid": ("nextdoor", "paid_social"),
    "tblci": ("taboola", "native"),
    "dicbo": ("outbrain", "native"),
    "irclickid": ("impact", "affiliate"),
    "cjevent": ("cj", "affiliate"),
    "awc": ("awin", "affiliate"),
    "tduid": ("tradedoubler", "affiliate"),
    # On every link that leaves the network, paid or not; the ids of paid clicks above take precedence.
    "fbclid": ("facebook", "social"),
    "igshid": ("instagram", "social"),
    "igsh": ("instagram", "social"),
    "ysclid": ("yandex", "organic"),
}
"""Click ids in the order in which they count, with the (source, medium) of each. Ids of
mailing tools (`mc_eid`, `_kx`, `mkt_tok`) identify a person, not a click, and are left out."""

_TAGS: Final = frozenset(("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", *NETWORKS))
_clicked: Final = pattern(rf"(?:^|[&;!/])(?:{'|'.join(NETWORKS)})=").search
_CACHED: Final = 8_192  # queries remembered: about 6 MB when full
_LONG: Final = 300  # characters of a query worth remembering
_MEDIUM: Final = {
    ReferrerClass.SEARCH: "organic",
    ReferrerClass.SOCIAL: "social",
    ReferrerClass.MAIL: "email",
    ReferrerClass.OTHER: "referral",
}


class Campaign(NamedTuple):
    """The tags of a link; '' where it has none. `click_id_kind` is the parameter's name (`gclid`)."""

    source: str = ""
    medium: str = ""
    name: str = ""
    term: str = ""
    content: str = ""
    click_id: str = ""
    click_id_kind: str = ""


NONE: Final = Campaign()


def read_campaign(query: str) -> Campaign:
    """The campaign of an address's parameters. Names are case-insensitive; an `&amp;` that a template left escaped and
    the `!/` at the beginning of a fragment are ignored."""
    # Most addresses have neither, and a click id is never seen twice: only the rest is worth remembering.
    lower = query.lower()
    clicked = _clicked(lower) is not None
    if not clicked and "utm" not in lower:
        return NONE
    return _read(query) if clicked or len(query) > _LONG else _known(query)


def _read(query: str) -> Campaign:
    tags: dict[str, str] = {}
    for name, value in parameters(query).items():
        tag = name.lower().rpartition(";")[2].lstrip("!/")
        if tag in _TAGS and not tags.get(tag):
            tags[tag] = value.strip()[:_LONGEST]
    kind = next((kind for kind in NETWORKS if tags.get(kind)), "")
    return Campaign(
        source=tags.get("utm_source", "").lower(),
        medium=tags.get("utm_medium", "").lower(),
        name=tags.get("utm_campaign", ""),
        term=tags.get("utm_term", ""),
        content=tags.get("utm_content", ""),
        click_id=tags[kind] if kind else "",
        click_id_kind=kind,
    )


_known = lru_cache(maxsize=_CACHED)(_read)


def lead_source(campaign: Campaign, referrer: Referrer) -> tuple[str, str]:
    """(source, medium) of a touch: what its utm tags say, else its click id's network, else the referrer (a search
    is `organic`, another site's link `referral`). A medium given without a source goes with the source found
    otherwise.

    ('', '') when the touch tells none: it came from within the site, or directly. So a profile's first and last
    source are those of its first and last touch that came from somewhere (last non-direct click, as analytics tools
    attribute by default); a profile without any came directly, and readers show it so. The row's `referrer_class`
    keeps direct and internal apart.
    """
    if campaign.click_id_kind:
        source, medium = NETWORKS[campaign.click_id_kind]
    else:
        source, medium = referrer.name, _MEDIUM.get(referrer.kind, "")
    if campaign.source:
        return campaign.source, campaign.medium or (medium if campaign.click_id_kind else "")
    return (source, campaign.medium or medium) if source else ("", "")
