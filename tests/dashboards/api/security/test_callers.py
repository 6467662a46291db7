import pytest

from dashboards.api.security.callers import host_name, is_from_own_page, is_known_host


@pytest.mark.parametrize(
    ("header", "name"),
    [("127.0.0.1:8900", "127.0.0.1"), ("[::1]:80", "::1"), ("Shop.Example", "shop.example"), ("", ""), ("[x", "")],
)
def test_names_of_hosts(header: str, name: str) -> None:
    assert host_name(header) == name


def test_hosts_that_are_served() -> None:
    assert is_known_host("anything", frozenset())
    assert is_known_host("localhost:1", {"localhost"})
    assert not is_known_host("localhost.evil.example", {"localhost"})


@pytest.mark.parametrize(
    ("method", "origin", "site", "own"),
    [
        ("GET", "https://evil.example", "cross-site", True),
        ("POST", None, None, True),
        ("POST", "http://a:1", "same-origin", True),
        ("POST", "http://a:2", None, False),
        ("POST", "null", None, False),
        ("POST", "http://a:1", "cross-site", False),
    ],
)
def test_pages_that_may_change_something(method: str, origin: str | None, site: str | None, own: bool) -> None:
    assert is_from_own_page(method, "a:1", origin, site) is own
