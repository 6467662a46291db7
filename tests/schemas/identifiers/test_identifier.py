"""One spelling per person, and the keys that state is kept under."""

from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.identifiers.identifier import (
    LONGEST,
    ORDER,
    Invalid,
    Junk,
    explain_refusal,
    identifier_in,
    is_name,
    key,
    normalise,
    read_identifier,
)
from schemas.rejected import Reason
from tests.tables import table

SPELLINGS = [
    ("email", " Bob@Example.ORG\n", "bob@example.org"),
    ("email", "bob+news@example.org", "bob+news@example.org"),
    ("email", "b.o.b@example.org", "b.o.b@example.org"),
    ("email", "bob@example.org.", "bob@example.org"),
    ("email", "bob@M\u00dcNCHEN.de", "bob@xn--mnchen-3ya.de"),
    ("email", "bob@mu\u0308nchen.de", "bob@xn--mnchen-3ya.de"),
    ("email", "bob@xn--mnchen-3ya.de", "bob@xn--mnchen-3ya.de"),
    ("email", "ju\u0308rgen@example.org", "j\u00fcrgen@example.org"),
    ("email", "\ufeffbob@example.org\u200b", "bob@example.org"),
    ("email", "o'hara!x@example.co.uk", "o'hara!x@example.co.uk"),
    ("phone", "030 1234567", "+49301234567"),
    ("phone", "+49 (30) 1234567", "+49301234567"),
    ("phone", "0049 30 1234567", "+49301234567"),
    ("phone", "tel:+49-30-1234567", "+49301234567"),
    ("phone", "+1 (650) 253-0000", "+16502530000"),
    ("phone", "+39 06 698 12345", "+390669812345"),
    ("phone", "+49 30 1234567 ext. 12", "+49301234567;ext=12"),
    ("customer_id", " 42 ", "42"),
    ("customer_id", "Ab-7", "Ab-7"),
    ("crm", "e\u0301", "\u00e9"),
    ("anonymous_id", "x" * LONGEST, "x" * LONGEST),
    ("customer_id", "42\r\n", "42"),
    ("customer_id", "a\u200bb\u202e", "ab"),
    ("customer_id", "a\xa0b", "a b"),
]


@table(("namespace", "value", "spelling"), SPELLINGS)
def test_spelling(namespace: str, value: str, spelling: str) -> None:
    assert normalise(namespace, value, "DE") == spelling


def test_a_phone_is_read_as_dialled_in_its_region() -> None:
    assert normalise("phone", "020 7946 0018", "GB") == "+442079460018"
    assert normalise("phone", "020 7946 0018", "gb") == "+442079460018"
    assert normalise("phone", "011 978 5313", "ZA") == "+27119785313"


NOBODY = [
    ("email", "info@example.org"),
    ("email", "No-Reply@example.org"),
    ("email", "null@example.org"),
    ("email", "n/a"),
    ("email", ""),
    ("phone", "0000000"),
    ("phone", "-"),
    ("phone", "+1 555 555 5555"),
    ("phone", "1234567890"),
    ("customer_id", "0"),
    ("anonymous_id", "00000000-0000-0000-0000-000000000000"),
    ("crm", "undefined"),
]


@pytest.mark.parametrize(("namespace", "value"), NOBODY)
def test_value_that_identifies_nobody(namespace: str, value: str) -> None:
    assert isinstance(normalise(namespace, value, "DE"), Junk)


WRONG = [
    ("email", "bob", Reason.BAD_EMAIL, "name@domain"),
    ("email", "@example.org", Reason.BAD_EMAIL, "name@domain"),
    ("email", "bob@", Reason.BAD_EMAIL, "name@domain"),
    ("email", "bob@localhost", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@127.0.0.1", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@[127.0.0.1]", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@-x.org", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@x_y.org", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@ex ample.org", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@xn--a.org", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob@" + "a" * 64 + ".org", Reason.BAD_EMAIL, "DNS"),
    ("email", "bob b@example.org", Reason.BAD_EMAIL, "before the @"),
    ("email", "..@example.org", Reason.BAD_EMAIL, "before the @"),
    ("email", "a@b@example.org", Reason.BAD_EMAIL, "before the @"),
    ("email", "x" * 65 + "@example.org", Reason.BAD_EMAIL, "before the @"),
    ("phone", "12 u", Reason.BAD_PHONE, "no telephone number"),
    ("phone", "12", Reason.BAD_PHONE, "digits"),
    ("phone", "+49 30 12345678901234567", Reason.BAD_PHONE, ""),
    ("phone", "+999 30 1234567", Reason.BAD_PHONE, "country code"),
    ("customer_id", "x" * (LONGEST + 1), Reason.BAD_ID, "201 characters"),
    ("customer_id", "a\u0300\u0316" * 100_000, Reason.BAD_ID, "characters"),
    ("email", "x" * 100_000 + "@example.org", Reason.BAD_ID, "characters"),
    ("email", "x" * 60 + "@" + ".".join(["\u00fc" * 22] * 6), Reason.BAD_ID, "characters"),
    ("customer_id", "a\x00b", Reason.BAD_ID, "U+0000"),
    ("customer_id", "a\nb", Reason.BAD_ID, "U+000A"),
    ("customer_id", "a\u2028b", Reason.BAD_ID, "U+2028"),
    ("customer_id", "a\u0600b", Reason.BAD_ID, "U+0600"),
    ("customer_id", "a\ud800b", Reason.BAD_ID, "U+D800"),
]


@table(("namespace", "value", "reason", "detail"), WRONG)
def test_wrong(namespace: str, value: str, reason: Reason, detail: str) -> None:
    found = normalise(namespace, value, "DE")
    assert isinstance(found, Invalid)
    assert found.reason is reason
    assert detail in found.detail


def test_refusal_of_a_national_number_without_region_names_the_region() -> None:
    found = normalise("phone", "030 1234567", "")
    assert isinstance(found, Invalid)
    assert "no region is set" in found.detail


UNSEEN = "\u200b\u200e\u200f\u202a\u202c\u2066\u2069\u2060\ufeff\xad\ufe0f\u061c \xa0\u3000\t\n"


@given(
    st.sampled_from(ORDER),
    st.sampled_from([spelling for _, _, spelling in SPELLINGS] + [value for _, value in NOBODY]) | st.text(max_size=20),
    st.text(st.sampled_from(UNSEEN), max_size=4),
    st.text(st.sampled_from(UNSEEN), max_size=4),
)
def test_invisible_characters_at_the_edges_are_dropped(namespace: str, value: str, before: str, after: str) -> None:
    assert normalise(namespace, f"{before}{value}{after}", "DE") == normalise(namespace, value, "DE")


@table("namespace", ORDER)
@table("placeholder", ["{{user.id}}", "*|EMAIL|*", "%%email%%", "${id}", "<%= id %>", "__X__"])
def test_an_unfilled_placeholder_is_junk_in_any_namespace(namespace: str, placeholder: str) -> None:
    assert isinstance(normalise(namespace, placeholder, "DE"), Junk)


@given(
    st.sampled_from(ORDER), st.text(max_size=300) | st.from_regex(r"[\w.+]{1,9}@[\w-]{1,9}\.[\w]{2,4}", fullmatch=True)
)
def test_any_text_has_one_spelling_or_none_and_it_stays(namespace: str, value: str) -> None:
    found = normalise(namespace, value, "DE")
    assert isinstance(found, str | Junk | Invalid)
    if isinstance(found, str):
        assert normalise(namespace, found, "DE") == found
        assert 0 < len(found) <= LONGEST
        assert found.encode()


@given(st.integers(min_value=1, max_value=10**13))
@example(4_300_000_010)
def test_a_number_reads_the_same_from_anywhere(number: int) -> None:
    found = normalise("phone", f"+{number}", "")
    if isinstance(found, str):
        assert {normalise("phone", found, region) for region in ("", "DE", "US", "JP")} == {found}


@given(st.sampled_from(ORDER), st.text(alphabet="ae\u0301\u0308\u00e9O\u0315@.1 ", max_size=30))
def test_composed_or_not_is_one_spelling(namespace: str, value: str) -> None:
    assert normalise(namespace, normalize("NFD", value), "DE") == normalise(namespace, normalize("NFC", value), "DE")


@given(
    st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True),
    st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True),
    st.text(max_size=50),
)
def test_a_key_parts_again(tenant: str, namespace: str, value: str) -> None:
    before, _, identifier = key(tenant, namespace, value).partition("|")
    assert (before, *identifier.partition(":")) == (tenant, namespace, ":", value)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("main", True), ("a" * 64, True), ("a" * 65, False), ("", False), ("a b", False), ("A", False), ("a\n", False)],
)
def test_names(text: str, fits: bool) -> None:
    assert is_name(text) is fits


TYPED = [
    ("email:Bob@X.org", ["email:bob@x.org"]),
    ("customer_id:42", ["customer_id:42"]),
    ("phone:030 1234567", ["phone:+49301234567"]),
    ("phone:nonsense", []),
    ("customer_id:null", []),
    (
        "Bob@x.org",
        ["email:bob@x.org", "master_id:Bob@x.org", "customer_id:Bob@x.org", "crm:Bob@x.org", "anonymous_id:Bob@x.org"],
    ),
    ("42", ["master_id:42", "customer_id:42", "crm:42", "anonymous_id:42"]),
    ("urn:x:1", ["master_id:urn:x:1", "customer_id:urn:x:1", "crm:urn:x:1", "anonymous_id:urn:x:1"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "candidates"), TYPED)
def test_candidates_of_a_text_of_the_command_line(text: str, candidates: list[str]) -> None:
    assert read_identifier(text, "DE") == candidates


def test_a_plus_begins_a_phone_and_plain_digits_may_be_one() -> None:
    assert read_identifier("+49 30 1234567", "")[0] == "phone:+49301234567"
    assert read_identifier("030 1234567", "DE")[-1] == "phone:+49301234567"
    assert read_identifier("42", "DE", ("shoe_size",)) == ["shoe_size:42"]


_locals = st.text(st.sampled_from("abz09._+-'A"), min_size=1, max_size=70) | st.sampled_from(
    ["info", "no-reply+1", "null"]
)
_domains = st.lists(st.text(st.sampled_from("abz09-x"), max_size=65), min_size=1, max_size=4).map(".".join)


@given(_locals, _domains | st.sampled_from(["example.org", "xn--mnchen-3ya.de", "xn--a.de", "a.b1", "a.1"]))
@example("a" * 64, "example.org")
@example("a" * 65, "example.org")
@example("a", "b." + "c" * 63)
@example("a", ".".join(["b" * 60] * 4))
def test_an_address_in_its_one_spelling_is_read_like_any_other(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    assert normalise("email", address, "DE") == normalise("email", f" {address}\n", "DE")


@given(st.from_regex(r"\+[0-9]{4,17}", fullmatch=True))
@example("+4911111111")
@example("+11234567890")
@example("+16502530000")
def test_a_number_in_its_one_spelling_is_read_like_any_other(number: str) -> None:
    assert normalise("phone", number, "DE") == normalise("phone", f" {number}", "DE")


@pytest.mark.parametrize(
    ("key_", "parts"),
    [(key("main", "email", "a|b:c"), ("main", "email:a|b:c")), ("", ("", ""))],
)
def test_a_key_is_a_tenant_and_an_identifier(key_: str, parts: tuple[str, str]) -> None:
    assert identifier_in(key_) == parts


@table(
    ("text", "why"),
    [
        ("email:notanemail", "its email is no address of the form name@domain"),
        ("email:info@example.org", "its email is a mailbox of a function, not of a person"),
        ("phone:+49", "its phone is no telephone number"),
        ("phone:+49301", "its phone has too few or too many digits for a telephone number of its country"),
        ("customer_id:null", "its customer_id is a word for no value"),
        ("", "write it as namespace:value, such as email:ada@example.org"),
    ],
)
def test_reason_why_a_text_is_no_identifier(text: str, why: str) -> None:
    assert read_identifier(text, "DE") == []
    assert explain_refusal(text, "DE") == why
