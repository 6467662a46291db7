"""Where visitors come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.enrichment.referrer import Referrer, ReferrerClass, classify, referrer_host
from streams.enrichment.referrer_hosts import BRANDS, MAIL, OTHER, SEARCH, SOCIAL
from streams.enrichment.url import read_host
from tests.tables import table

PLACES = [
    ("www.google.com", "search", "google"),
    ("www.google.co.uk", "search", "google"),
    ("google.com.br", "search", "google"),
    ("r.duckduckgo.com", "search", "duckduckgo"),
    ("de.search.yahoo.com", "search", "yahoo"),
    ("yandex.kz", "search", "yandex"),
    ("l.facebook.com", "social", "facebook"),
    ("t.co", "social", "x"),
    ("out.reddit.com", "social", "reddit"),
    ("mail.google.com", "mail", "gmail"),
    ("com.google.android.gm", "mail", "gmail"),
    ("outlook.live.com", "mail", "outlook"),
    ("nam12.safelinks.protection.outlook.com", "mail", "outlook"),
    ("accounts.google.com", "other", "accounts.google.com"),
    ("news.ycombinator.com", "social", "hackernews"),
    ("www.blog.example.net", "other", "blog.example.net"),
    ("google.xyz", "other", "google.xyz"),
    ("notgoogle.com", "other", "notgoogle.com"),
    ("google.com.evil.example", "other", "google.com.evil.example"),
    ("shop.example.org", "internal", ""),
    ("www.example.org", "internal", ""),
    ("example.org", "internal", ""),
    ("", "direct", ""),
]


@table(("host", "kind", "name"), PLACES)
def test_classify(host: str, kind: str, name: str) -> None:
    assert classify(host, "shop.example.org") == Referrer(ReferrerClass(kind), name)


def test_a_known_site_is_internal_to_itself() -> None:
    assert classify("www.google.com", "mail.google.com").kind is ReferrerClass.INTERNAL
    assert classify("www.google.com", "").kind is ReferrerClass.SEARCH


def test_neighbours_on_a_hosting_service_are_strangers() -> None:
    assert classify("two.github.io", "one.github.io") == Referrer(ReferrerClass.OTHER, "two.github.io")


APPS = [
    ("android-app://com.google.android.googlequicksearchbox/", "search", "google"),
    ("android-app://com.google.android.googlequicksearchbox/https/www.google.com", "search", "google"),
    ("ANDROID-APP://com.google.android.googlequicksearchbox", "search", "google"),
    ("ios-app://284815942/", "search", "google"),
    ("android-app://com.google.android.apps.searchlite/", "search", "google"),
    ("android-app://com.microsoft.bing/", "search", "bing"),
    ("android-app://com.duckduckgo.mobile.android/", "search", "duckduckgo"),
    ("android-app://ru.yandex.searchplugin/", "search", "yandex"),
    ("https://syndicatedsearch.goog/", "search", "google"),
    ("android-app://com.google.android.gm/", "mail", "gmail"),
    ("android-app://com.google.android.gm.lite/", "mail", "gmail"),
    ("android-app://com.microsoft.office.outlook/", "mail", "outlook"),
    ("android-app://com.samsung.android.email.provider", "mail", "samsung"),
    ("android-app://com.facebook.katana/", "social", "facebook"),
    ("android-app://com.facebook.lite/", "social", "facebook"),
    ("ios-app://284882215", "social", "facebook"),
    ("android-app://com.instagram.android/", "social", "instagram"),
    ("android-app://com.instagram.barcelona/", "social", "threads"),
    ("android-app://com.linkedin.android/", "social", "linkedin"),
    ("android-app://com.pinterest/", "social", "pinterest"),
    ("android-app://com.reddit.frontpage/", "social", "reddit"),
    ("android-app://com.Slack/", "social", "slack"),
    ("https://app.slack.com/", "social", "slack"),
    ("android-app://com.microsoft.teams/", "social", "teams"),
    ("https://statics.teams.cdn.office.net/", "social", "teams"),
    ("android-app://org.telegram.messenger/", "social", "telegram"),
    ("android-app://com.android.chrome/", "other", "com.android.chrome"),
    ("android-app://com.example.reader/", "other", "com.example.reader"),
    ("https://\u044f\u043d\u0434\u0435\u043a\u0441.\u0440\u0444/", "search", "yandex"),
]


@table(("referrer", "kind", "name"), APPS)
def test_apps_and_widgets(referrer: str, kind: str, name: str) -> None:
    assert classify(referrer_host(referrer), "shop.example.org") == Referrer(ReferrerClass(kind), name)


@pytest.mark.parametrize("own", ["b\u00fccher.example", "xn--bcher-kva.example", "www.B\u00dcCHER.example"])
@pytest.mark.parametrize(
    "referrer", ["https://b\u00fccher.example/", "https://XN--BCHER-KVA.example", "http://b%C3%BCcher.example/"]
)
def test_an_international_domain_is_one_in_unicode_and_punycode(referrer: str, own: str) -> None:
    assert classify(referrer_host(referrer), read_host(own)).kind is ReferrerClass.INTERNAL
    assert classify(referrer_host(referrer), "shop.example.org") == Referrer(
        ReferrerClass.OTHER, "xn--bcher-kva.example"
    )


HOSTS = [
    ("https://www.Google.com/search?q=x", "www.google.com"),
    ("http://t.co", "t.co"),
    ("http://bob@x.example:80?y", "x.example"),
    ("android-app://com.google.android.gm/", "com.google.android.gm"),
    ("https://m\u00fcnchen.de/", "xn--mnchen-3ya.de"),
    ("-", ""),
    ("", ""),
    ("about:blank", ""),
    ("file:///home/bob/mail.html", ""),
    ("https://", ""),
    ("https://" + "x" * 20_000, ""),
]


@pytest.mark.parametrize(("text", "host"), HOSTS)
def test_referrer_host(text: str, host: str) -> None:
    assert referrer_host(text) == host


@given(st.text(max_size=80) | st.text(max_size=40).map("https://".__add__))
def test_any_text_gives_an_answer(text: str) -> None:
    assert isinstance(classify(referrer_host(text), "example.org"), Referrer)


def test_the_lists_are_hosts_each_once() -> None:
    listed = " ".join((*SEARCH.values(), *SOCIAL.values(), *MAIL.values(), OTHER)).split()
    assert [host for host in listed if read_host(host) != host] == []
    assert sorted({host for host in listed if listed.count(host) > 1}) == []
    assert set(BRANDS.values()) <= set(ReferrerClass)


def test_every_listed_host_is_found_as_its_list_says() -> None:
    for names, kind in ((SEARCH, "search"), (SOCIAL, "social"), (MAIL, "mail")):
        for name, hosts in names.items():
            for host in hosts.split():
                assert classify(host, "shop.example.org") == Referrer(ReferrerClass(kind), name)
                assert classify(f"deep.below.{host}", "shop.example.org").kind in (kind, "other")
