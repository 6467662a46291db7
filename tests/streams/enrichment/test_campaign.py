"""Tags of links, and where a touch came from all in all."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.enrichment.campaign import NETWORKS, NONE, Campaign, lead_source, read_campaign
from streams.enrichment.referrer import classify
from tests.tables import table

QUERIES = [
    ("", NONE),
    ("page=2&id=7", NONE),
    ("utmost=1&kid=2", NONE),
    ("utm_source=News&utm_medium=Email&utm_campaign=Spring+Sale", Campaign("news", "email", "Spring Sale")),
    ("utm_term=a%20b&utm_content=Top", Campaign(term="a b", content="Top")),
    ("UTM_Source=news", Campaign("news")),
    ("utm%5Fsource=news", Campaign("news")),
    ("a=1&amp;utm_source=news&amp;utm_medium=email", Campaign("news", "email")),
    ("utm_source=&utm_source=news", Campaign("news")),
    ("utm_source=%20news%20", Campaign("news")),
    ("utm_source=%20&utm_source=b", Campaign("b")),
    ("UTM_SOURCE=+&utm_source=b", Campaign("b")),
    ("a=1&amp;amp;utm_source=news", Campaign("news")),
    ("a=1&&38;utm_source=news&#x26;utm_medium=email", Campaign("news", "email")),
    ("/route&utm_source=news", Campaign("news")),
    ("!/utm_source=news", Campaign("news")),
    ("a=1&utm_source=query&/route&utm_source=fragment&utm_medium=email", Campaign("query", "email")),
    ("amp;gclid=g1", Campaign(click_id="g1", click_id_kind="gclid")),
    ("ScCid=s1", Campaign(click_id="s1", click_id_kind="sccid")),
    ("gad_source=1&gad_campaignid=7", Campaign(click_id="1", click_id_kind="gad_source")),
    ("gad_source=1&gbraid=b1", Campaign(click_id="b1", click_id_kind="gbraid")),
    ("fbclid=f1&ttclid=t1", Campaign(click_id="t1", click_id_kind="ttclid")),
    ("mc_eid=person&_kx=person&mkt_tok=person&mc_cid=c", NONE),
    ("mygclid=1&lawc=2&gclidx=3", NONE),
    ("gclid=AbC-1", Campaign(click_id="AbC-1", click_id_kind="gclid")),
    ("fbclid=f1&gclid=g1", Campaign(click_id="g1", click_id_kind="gclid")),
    ("gclid=&fbclid=f1", Campaign(click_id="f1", click_id_kind="fbclid")),
    ("li_fat_id=l1", Campaign(click_id="l1", click_id_kind="li_fat_id")),
    ("utm_source=news&msclkid=m1", Campaign("news", click_id="m1", click_id_kind="msclkid")),
    ("utm_campaign=" + "x" * 999, Campaign(name="x" * 200)),
]


@table(("query", "campaign"), QUERIES)
def test_read_campaign(query: str, campaign: Campaign) -> None:
    assert read_campaign(query) == campaign
    assert read_campaign(query) == campaign  # from the cache too


@table("kind", NETWORKS)
def test_every_click_id_is_seen(kind: str) -> None:
    assert read_campaign(f"a=1&{kind}=x7") == Campaign(click_id="x7", click_id_kind=kind)
    assert lead_source(read_campaign(f"{kind}=x7"), classify("", "")) == NETWORKS[kind]


@given(
    st.dictionaries(st.sampled_from(["utm_source", "utm_campaign", "utm_content"]), st.text(max_size=20), min_size=1)
)
def test_values_come_through_encoding(tags: dict[str, str]) -> None:
    tags = {name: value.encode("utf-8", "replace").decode() for name, value in tags.items()}
    found = read_campaign(urlencode(tags))
    assert found.source == tags.get("utm_source", "").strip().lower()
    assert found.name == tags.get("utm_campaign", "").strip()
    assert found.content == tags.get("utm_content", "").strip()


@given(st.text(max_size=100))
def test_any_text_gives_an_answer(query: str) -> None:
    assert isinstance(read_campaign("utm_source" + query), Campaign)


LEADS = [
    ("utm_source=news&utm_medium=email", "www.google.com", ("news", "email")),
    ("utm_source=news", "www.google.com", ("news", "")),
    ("utm_source=news&gclid=g", "", ("news", "cpc")),
    ("utm_medium=banner&gclid=g", "", ("google", "banner")),
    ("utm_medium=banner", "www.bing.com", ("bing", "banner")),
    ("utm_medium=banner", "", ("", "")),
    ("gclid=g", "www.bing.com", ("google", "cpc")),
    ("gad_source=1", "www.google.com", ("google", "cpc")),
    ("twclid=t", "t.co", ("x", "paid_social")),
    ("rdt_cid=r", "www.reddit.com", ("reddit", "paid_social")),
    ("yclid=y", "yandex.ru", ("yandex", "cpc")),
    ("awc=1_2", "blog.example.net", ("awin", "affiliate")),
    ("gclid=g", "shop.example.org", ("google", "cpc")),
    ("", "www.google.de", ("google", "organic")),
    ("", "m.facebook.com", ("facebook", "social")),
    ("", "mail.google.com", ("gmail", "email")),
    ("", "www.blog.example.net", ("blog.example.net", "referral")),
    ("", "www.example.org", ("", "")),
    ("", "", ("", "")),
]


@pytest.mark.parametrize(("query", "referrer", "lead"), LEADS)
def test_lead_source(query: str, referrer: str, lead: tuple[str, str]) -> None:
    assert lead_source(read_campaign(query), classify(referrer, "shop.example.org")) == lead
