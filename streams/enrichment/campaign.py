"""The campaign of a link, by its tracking parameters, and the lead source of a touch.

`utm_*` are the five parameters that Google Analytics took over from Urchin. Click ids are added to a link by an
advertising network. Source and medium are lower-cased, since `Google` and `google` are one source; names, terms and
contents are kept as written.
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
    "gad_source": ("google", "cpc"),  # Google's aggregate identifier, which identifies no click
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
"""Click ids in order of precedence, with the (source, medium) of each.

Ids of mailing tools (`mc_eid`, `_kx`, `mkt_tok`) identify a person, not a click, and are left out.
"""

_TAGS: Final = frozenset(("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", *NETWORKS))
_clicked: Final = pattern(rf"(?:^|[&;!/])(?:{'|'.join(NETWORKS)})=").search
_CACHED: Final = 8_192  # cached queries: about 6 MB when full
_LONG: Final = 300  # characters from which on a query is not cached
_MEDIUM: Final = {
    ReferrerClass.SEARCH: "organic",
    ReferrerClass.SOCIAL: "social",
    ReferrerClass.MAIL: "email",
    ReferrerClass.OTHER: "referral",
}


class Campaign(NamedTuple):
    """The tags of a link, '' where it has none. `click_id_kind` is the name of the parameter (`gclid`)."""

    source: str = ""
    medium: str = ""
    name: str = ""
    term: str = ""
    content: str = ""
    click_id: str = ""
    click_id_kind: str = ""


NONE: Final = Campaign()


def read_campaign(query: str) -> Campaign:
    """Return the campaign of an address's parameters.

    Names are case-insensitive; an `&amp;` that a template left escaped and the `!/` at the beginning of a fragment are
    ignored.
    """
    # Most addresses have neither, and a click id never repeats: only the others are cached.
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
    """Return (source, medium) of a touch: of its utm tags, else of its click id's network, else of the referrer.

    A search is `organic`, the link of another site `referral`. A medium without a source is used with the source that
    is found otherwise.

    The result is ('', '') if the touch came from within the site, or directly. So a profile's first and last source are
    those of its first and last touch with a source (last non-direct click, the default attribution of analytics tools);
    a profile without any came directly, and readers show it so. `referrer_class` in the row distinguishes direct from
    internal.
    """
    if campaign.click_id_kind:
        source, medium = NETWORKS[campaign.click_id_kind]
    else:
        source, medium = referrer.name, _MEDIUM.get(referrer.kind, "")
    if campaign.source:
        return campaign.source, campaign.medium or (medium if campaign.click_id_kind else "")
    return (source, campaign.medium or medium) if source else ("", "")
