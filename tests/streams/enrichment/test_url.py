"""Addresses taken apart: the common ones as the standard library does it, hostile ones never with an exception."""

from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers.identifier import Invalid
from schemas.rejected import Reason
from streams.enrichment.url import Url, parameters, read_host, split_query, split_url
from tests.tables import table

GOOD = [
    ("https://Shop.Example.org/a/b?x=1#f", Url("shop.example.org", "/a/b", "x=1")),
    ("https://shop.example.org", Url("shop.example.org", "/", "")),
    ("https://shop.example.org?utm_source=a", Url("shop.example.org", "/", "utm_source=a")),
    ("https://shop.example.org#top", Url("shop.example.org", "/", "")),
    ("https://shop.example.org/#/cart?x=1", Url("shop.example.org", "/", "/cart&x=1")),
    ("https://shop.example.org/a#b", Url("shop.example.org", "/a", "")),
    ("HTTP://shop.example.org:8080/A%20b", Url("shop.example.org", "/A%20b", "")),
    ("http://shop.example.org:/", Url("shop.example.org", "/", "")),
    ("http://shop.example.org./", Url("shop.example.org", "/", "")),
    ("http://localhost/x", Url("localhost", "/x", "")),
    ("http://my_shop.example.org/", Url("my_shop.example.org", "/", "")),
    ("http://192.0.2.1/x", Url("192.0.2.1", "/x", "")),
    ("http://[2001:DB8::1]:80/x", Url("[2001:db8::1]", "/x", "")),
    ("https://M\u00dcNCHEN.de/stra\u00dfe", Url("xn--mnchen-3ya.de", "/stra%C3%9Fe", "")),
    ("  https://shop.example.org/x\n", Url("shop.example.org", "/x", "")),
    ("https://shop.example.org/a b?q=x y", Url("shop.example.org", "/a%20b", "q=x y")),
    ("https://shop.example.org/" + "x" * 5_000, Url("shop.example.org", "/" + "x" * 5_000, "")),
    ("https://b%C3%BCcher.example/", Url("xn--bcher-kva.example", "/", "")),
    ("https://shop.example.org/a/../b/./c", Url("shop.example.org", "/b/c", "")),
    ("https://shop.example.org/?a=1?b=2", Url("shop.example.org", "/", "a=1?b=2")),
]


@table(("text", "url"), GOOD)
def test_good_addresses(text: str, url: Url) -> None:
    assert split_url(text) == url


def test_a_page_is_host_and_path() -> None:
    found = split_url("https://shop.example.org/a?x=1")
    assert isinstance(found, Url)
    assert found.page == "shop.example.org/a"


ONE_PAGE = [
    ["https://shop.example/caf%C3%A9", "https://shop.example/caf\u00e9", "https://SHOP.example:443/caf%c3%a9"],
    ["https://shop.example/~ada/", "https://shop.example/%7Eada/", "https://shop.example/%7eada/#top"],
    ["https://shop.example", "https://shop.example/", "https://shop.example.", "https://shop.example/./?a=1"],
    ["https://b\u00fccher.example/", "https://xn--bcher-kva.example/", "https://B\u00dcCHER.example:8443"],
]


@pytest.mark.parametrize("spellings", ONE_PAGE)
def test_one_page_in_several_spellings(spellings: list[str]) -> None:
    found = [split_url(text) for text in spellings]
    assert len({url.page for url in found if isinstance(url, Url)}) == 1
    assert not any(isinstance(url, Invalid) for url in found)


BASES = [
    ("https://a.example/#utm_source=n&utm_medium=e", "https://a.example/", "utm_source=n&utm_medium=e"),
    ("https://a.example/#?utm_source=n", "https://a.example/", "&utm_source=n"),
    ("https://a.example/#/route?utm_source=n", "https://a.example/", "/route&utm_source=n"),
    ("https://a.example/#!/route?utm_source=n#top", "https://a.example/", "!/route&utm_source=n&top"),
    ("https://a.example/?x=1#/r?utm_source=n", "https://a.example/", "x=1&/r&utm_source=n"),
    ("https://a.example/?x=1#top", "https://a.example/", "x=1"),
    ("https://a.example/?x=1&#38;y=2", "https://a.example/", "x=1&&38;y=2"),
    ("https://a.example/#", "https://a.example/", ""),
    ("#a=1", "", "a=1"),
    ("", "", ""),
]


@pytest.mark.parametrize(("text", "base", "query"), BASES)
def test_parameters_of_query_and_fragment(text: str, base: str, query: str) -> None:
    assert split_query(text) == (base, query)


BAD = [
    ("", "http://"),
    ("/cart", "http://"),
    ("//shop.example.org/", "http://"),
    ("shop.example.org/cart", "http://"),
    ("javascript:alert(1)", "http://"),
    ("ftp://shop.example.org/", "http://"),
    ("data:text/html,x", "http://"),
    ("https://", "host"),
    ("https:///cart", "host"),
    ("https://?x=1", "host"),
    ("https://shop..example.org/", "host"),
    ("https://.example.org/", "host"),
    ("https://shop example.org/", "host"),
    ("https://shop.example.org%2F/", "host"),
    ("https://%00/", "host"),
    ("https://shop\\.example.org/", "host"),
    ("https://shop.example.org:99999/", "host"),
    ("https://shop.example.org:80x/", "host"),
    ("https://shop.example.org:\u0664/", "host"),
    ("https://" + "9" * 5_000 + ":1/", "host"),
    ("https://shop.example.org:" + "9" * 900 + "/", "host"),
    ("https://[::1/", "host"),
    ("https://[::1]x/", "host"),
    ("https://[fe80::1%25eth0]/", "host"),
    ("https://" + "a" * 254 + "/", "host"),
    ("https://\u2665.example.org/", "host"),
    ("https://bob@shop.example.org/", "password"),
    ("https://bob:secret@shop.example.org/", "password"),
    ("https://shop.example.org/a\x00b", "control character"),
    ("https://shop.example.org/a\ud800b", "control character"),
]


@table(("text", "detail"), BAD)
def test_bad_addresses(text: str, detail: str) -> None:
    found = split_url(text)
    assert isinstance(found, Invalid)
    assert found.reason is Reason.BAD_URL
    assert detail in found.detail
    assert "secret" not in found.detail


@given(st.text(max_size=200) | st.text(alphabet="htps:/?#@[]%&=.-a1\u00fc \n\x00", max_size=60).map("https://".__add__))
def test_any_text_gives_an_answer(text: str) -> None:
    found = split_url(text)
    assert isinstance(found, Url | Invalid)
    if isinstance(found, Url):
        assert found.host
        assert found.path.startswith("/")
        assert found.host == found.host.lower()
        assert isinstance(parameters(found.query), dict)


WORDS = st.text(alphabet="abz09-._~", min_size=1, max_size=10)
NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=15)


@given(
    st.sampled_from(["http", "https", "HTTPS"]),
    st.lists(NAMES, min_size=1, max_size=4).map(".".join),
    st.none() | st.integers(0, 65_535),
    st.lists(VALUES.filter(lambda text: text not in (".", "..")), max_size=4),
    st.dictionaries(WORDS, VALUES.filter(bool), max_size=5),
)
def test_agrees_with_the_standard_library(
    scheme: str, host: str, port: int | None, path: list[str], query: dict[str, str]
) -> None:
    place = host if port is None else f"{host}:{port}"
    text = f"{scheme}://{place}/{'/'.join(map(quote, path))}?{urlencode(query)}#end"
    found, reference = split_url(text), urlsplit(text)
    assert found == Url(reference.hostname or "", reference.path, reference.query)
    assert (
        parameters(reference.query) == {name: values[0] for name, values in parse_qs(reference.query).items()} == query
    )


QUERIES = [
    ("", {}),
    ("a=1&b=2", {"a": "1", "b": "2"}),
    ("a=1&a=2", {"a": "1"}),
    ("a=&a=2", {"a": "2"}),
    ("a=%20&a=2&a=3", {"a": "2"}),
    ("a=+&a=", {"a": ""}),
    ("a", {"a": ""}),
    ("a=b=c", {"a": "b=c"}),
    ("=1&&b=2", {"b": "2"}),
    ("a+b=c+d%2B", {"a b": "c d+"}),
    ("a=%E4%BD%A0&b=%FF&c=%zz", {"a": "\u4f60", "b": "\ufffd", "c": "%zz"}),
]


@pytest.mark.parametrize(("query", "values"), QUERIES)
def test_parameters(query: str, values: dict[str, str]) -> None:
    assert parameters(query) == values


def test_only_the_first_parameters_are_looked_at() -> None:
    assert len(parameters("&".join(f"a{i}=1" for i in range(100_000)))) == 200


@pytest.mark.parametrize(
    ("text", "host"), [("X.org:80", "x.org"), ("", ""), ("::", ""), ("[::1]", "[::1]"), ("[]", "")]
)
def test_read_host(text: str, host: str) -> None:
    assert read_host(text) == host
