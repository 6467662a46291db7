"""Where visitors come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.fold.referrer import Referrer, ReferrerClass, classify, referrer_host
from streams.fold.referrer_hosts import BRANDS, MAIL, OTHER, SEARCH, SOCIAL
from streams.fold.urls import read_host

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


@pytest.mark.parametrize(("host", "kind", "name"), PLACES)
def test_classify(host: str, kind: str, name: str) -> None:
    assert classify(host, "shop.example.org") == Referrer(ReferrerClass(kind), name)


def test_a_known_site_is_internal_to_itself() -> None:
    assert classify("www.google.com", "mail.google.com").kind is ReferrerClass.INTERNAL
    assert classify("www.google.com", "").kind is ReferrerClass.SEARCH


def test_neighbours_on_a_hosting_service_are_strangers() -> None:
    assert classify("two.github.io", "one.github.io") == Referrer(ReferrerClass.OTHER, "two.github.io")


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
