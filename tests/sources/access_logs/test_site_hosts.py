"""Hosts of the site, their ports and aliases."""

import pytest

from sources.access_logs.site_hosts import is_host, site_prefix, strip_default_port, strip_port

SITE = "https://www.shop.example"


@pytest.mark.parametrize(
    ("authority", "prefix"),
    [
        ("www.shop.example", SITE),
        ("WWW.Shop.Example", SITE),
        ("www.shop.example.", SITE),
        ("shop.example", SITE),
        ("old-shop.example", SITE),
        ("blog.shop.example", "https://blog.shop.example"),
        ("a.blog.shop.example", "https://a.blog.shop.example"),
        ("other.example", ""),
        ("notshop.example", ""),
        ("example", ""),
        ("www.shop.example:8443", ""),
        ("www.shop.example.evil.example", ""),
        ("a b.shop.example", ""),
        ("x@y.shop.example", ""),
        ("", ""),
        ("a." * 200 + "shop.example", ""),
    ],
)
def test_hosts_of_the_site_have_a_prefix(authority: str, prefix: str) -> None:
    assert site_prefix(authority, SITE, ("Old-Shop.example",)) == prefix


@pytest.mark.parametrize(
    ("site", "authority", "prefix"),
    [
        ("https://www.shop.example:8443", "www.shop.example:8443", "https://www.shop.example:8443"),
        ("https://www.shop.example:8443", "www.shop.example", "https://www.shop.example:8443"),
        ("https://www.shop.example:8443", "www.shop.example:9443", ""),
        ("https://www.shop.example:443/", "www.shop.example", "https://www.shop.example:443"),
        ("http://10.0.0.5", "10.0.0.5", "http://10.0.0.5"),
    ],
)
def test_the_port_of_the_site_counts(site: str, authority: str, prefix: str) -> None:
    assert site_prefix(authority, site, ()) == prefix


@pytest.mark.parametrize(
    ("authority", "scheme", "plain"),
    [
        ("a.example:443", "https", "a.example"),
        ("a.example:443", "HTTPS", "a.example"),
        ("a.example:80", "http", "a.example"),
        ("a.example:", "http", "a.example"),
        ("a.example:80", "https", "a.example:80"),
        ("a.example:443", "http", "a.example:443"),
        ("a.example", "http", "a.example"),
        ("[2001:db8::1]:443", "https", "[2001:db8::1]"),
    ],
)
def test_default_ports_are_dropped(authority: str, scheme: str, plain: str) -> None:
    assert strip_default_port(authority, scheme) == plain


def test_the_port_of_a_virtual_host_is_dropped() -> None:
    assert [strip_port(one) for one in ("a.example:443", "a.example", "_")] == ["a.example", "a.example", "_"]


def test_host_names_are_recognised() -> None:
    assert is_host("shop.example")
    assert not any(map(is_host, ["", "https://shop.example", "shop.example/a", "a b", "shop.example:443"]))
