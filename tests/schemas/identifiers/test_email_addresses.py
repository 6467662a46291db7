"""Addresses of mail as headers, webhooks, forms and mail systems write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers.email_addresses import spelling_of
from schemas.identifiers.identifier import Invalid, Junk, normalise
from schemas.rejected import Reason
from tests.tables import table

ADA = "ada@example.org"
SPELLINGS = [
    "Ada <ada@example.org>",
    "<ada@example.org>",
    '"Lovelace, Ada" <ada@example.org>',
    '"Ada <the first>" <ada@example.org>',
    "=?utf-8?q?Ad=C3=A4?= <ada@example.org>",
    "Ada Lovelace<ADA@EXAMPLE.ORG>",
    "ada@example.org (Ada)",
    "(Ada) ada@example.org",
    "mailto:ada@example.org",
    "MAILTO:ada@example.org?subject=Hello&cc=bob@example.org",
    "mailto:ada%40example.org",
    "Ada <mailto:ada@example.org>",
    "smtp:ada@example.org",
    "ada%40example.org",
    "'ada@example.org'",
    '"ada@example.org"',
    "\u201cada@example.org\u201d",
    '"ada"@example.org',
    "ada @ example.org",
    "ada\xa0@example.org",
    "ada@example.org;",
    "ada@example.org, ",
    "ada@example.org.",
    "ada＠example．org",
    "ａｄａ@example.org",
    "ada@example。org",
    "\u202aada@example.org\u202c",
    "\u2068ada@example.org\u2069",
    "a\u200bda@exam\xadple.org",
    "\ufeffada@example.org",
    "prvs=4123abcd12=ada@example.org",
    "Prvs=5124BCDE34=Ada@Example.org",
    "<prvs=4123abcd12=ada@example.org>",
    "SRS0=HHH=TT=example.org=ada@forwarder.example",
]


@table("value", SPELLINGS)
def test_spellings_of_one_address(value: str) -> None:
    assert normalise("email", value, "") == ADA


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("person-1.@mobile.example.jp", "person-1.@mobile.example.jp"),
        ("per..son@mobile.example.jp", "per..son@mobile.example.jp"),
        (".person@mobile.example.jp", ".person@mobile.example.jp"),
        ('"person-1."@mobile.example.jp', "person-1.@mobile.example.jp"),
        ('"per\\.son"@example.org', "per.son@example.org"),
        ("ada+prvs=x@example.org", "ada+prvs=x@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        ("ada@example.com", "ada@example.com"),
        ("user@example.org", "user@example.org"),
        ("a%b@example.org", "a%b@example.org"),
    ],
)
def test_addresses_that_stay(value: str, kept: str) -> None:
    assert normalise("email", value, "") == kept


@table(
    "value",
    [
        "{{email}}",
        "Ada <{{ email }}>",
        "{{name}}@example.org",
        "{email}@example.org",
        "__email__@example.org",
        "%email%@example.org",
        "%7B%7Bemail%7D%7D",
        "*|EMAIL|*",
        "[email]",
        "<>",
        "Ada <>",
        "null",
        "Ada <none>",
        "user@example.com",
        "name@domain.com",
        "email@email.com",
        "a@a.com",
        "test@test.com",
        "noemail@noemail.com",
        "your-email@example.com",
        "anonymous@anonymous.invalid",
        "ada@unknown.invalid",
        "No-Reply <no-reply@example.org>",
        "prvs=4123abcd12=mailer-daemon@example.org",
        "anonymous_user@example.org",
        "bounce+ada=example.org@list.example",
    ],
)
def test_junk_addresses(value: str) -> None:
    assert isinstance(normalise("email", value, ""), Junk)


@pytest.mark.parametrize(
    "value",
    [
        "ada@example.org, bob@example.org",
        "<ada@example.org>, <bob@example.org>",
        "ada@example.org bob@example.org",
        '"a b"@example.org',
        '"a@b"@example.org',
        "Ada <ada>",
        "mailto:ada",
        "ada",
        "..@example.org",
        '""@example.org',
    ],
)
def test_text_that_is_not_one_address(value: str) -> None:
    found = normalise("email", value, "")
    assert isinstance(found, Invalid)
    assert found.reason is Reason.BAD_EMAIL


@given(
    st.text(st.sampled_from("abz09._+-'=\"{}%A"), min_size=1, max_size=12),
    st.sampled_from(
        ["{}", "<{}>", "Ada <{}>", "mailto:{}", '"{}"', "prvs=4123abcd12={}", "srs0=a=b=c.example={}", "({}) x"]
    ),
)
def test_an_address_in_its_one_spelling_stays(local: str, wrapping: str) -> None:
    found = normalise("email", wrapping.format(f"{local}@example.org"), "")
    if isinstance(found, str):
        assert normalise("email", found, "") == found


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada@Example.org", "ada@example.org"), ("Info@Example.org", " info@example.org"), ("ADA", "ada")],
)
def test_spellings_of_junk_compare_equal(one: str, other: str) -> None:
    assert spelling_of(one) == spelling_of(other)
