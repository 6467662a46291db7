"""Paths of pages in one spelling."""

from re import sub
from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from schemas.url_path import encode_path, normal_path
from tests.tables import table

PATHS = [
    ("/", "/"),
    ("/pricing", "/pricing"),
    ("/Pricing/", "/Pricing/"),
    ("/a//b", "/a//b"),
    ("/caf%C3%A9", "/caf%C3%A9"),
    ("/caf\u00e9", "/caf%C3%A9"),
    ("/caf%c3%a9", "/caf%C3%A9"),
    ("/%7Eada", "/~ada"),
    ("/%61%2D%5f%2e", "/a-_."),
    ("/a%2fb", "/a%2Fb"),  # no slash of the path: another page than /a/b
    ("/a%2Cb,c", "/a%2Cb,c"),
    ("/100%", "/100%"),
    ("/%zz%c", "/%zz%c"),
    ("/%ff", "/%FF"),
    ("/a b", "/a%20b"),
    ("/a+b", "/a+b"),
    ('/"<>\\^`{|}[]', "/%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D"),
    ("/\u4f60\U0001f600", "/%E4%BD%A0%F0%9F%98%80"),
    ("/;v=1/@a:b$c&d='(e)*!", "/;v=1/@a:b$c&d='(e)*!"),
    ("/a/b/../c", "/a/c"),
    ("/a/./b/.", "/a/b/"),
    ("/a/b/..", "/a/"),
    ("/../..", "/"),
    ("/%2e%2E/a", "/a"),
    ("/.well-known/..x/...", "/.well-known/..x/..."),
]


@table(("path", "spelling"), PATHS)
def test_one_spelling(path: str, spelling: str) -> None:
    assert normal_path(path) == spelling


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.text("/.%2eEaA9f\u00e9 ", max_size=30)


@given(_texts)
def test_a_spelling_is_its_own_spelling(text: str) -> None:
    once = normal_path(f"/{text}")
    assert once.isascii()
    assert once.startswith("/")
    assert normal_path(once) == once


@given(_texts)
def test_spelling_changes_no_character(text: str) -> None:
    assert unquote(encode_path(text)) == unquote(text)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%"), max_size=30))
def test_raw_and_encoded_are_one(text: str) -> None:
    encoded = quote(text, safe="/:@!$&'()*+,;=")
    small = sub("%[0-9A-F]{2}", lambda digits: digits[0].lower(), encoded)
    assert encode_path(text) == encode_path(encoded) == encode_path(small) == encoded
