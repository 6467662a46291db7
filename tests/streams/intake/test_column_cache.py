"""Cached columns equal those that the enrichments compute for each touch."""

from collections.abc import Iterable
from io import BytesIO

import pytest

from schemas.columns import EVENT_HEAD
from streams.enrichment.campaign import lead_source
from streams.intake.column_cache import (
    NO_AGENT,
    NO_PAGE,
    NO_REFERRER,
    NO_TAGS,
    IdentifierReader,
    NeedsReferencePathError,
    encode_found,
    encode_raw,
    found_traits,
    known_tenant,
    lead_of,
    read_agent,
    read_page,
    read_referrer,
    read_tags,
)
from tests.schemas.column_types import read_value
from tests.tables import table

ORDER = ("customer_id", "email", "phone", "anonymous_id")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
COLUMNS = {column.name for column in EVENT_HEAD}


TYPES = {column.name: column.type for column in EVENT_HEAD}


def values(columns: bytes, names: Iterable[str]) -> list[object]:
    """The values of some encoded columns."""
    stream = BytesIO(columns)
    found = [read_value(stream, TYPES[name]) for name in names]
    assert not stream.read()
    return found


@pytest.mark.parametrize(
    "part",
    [
        read_page("https://shop.example/a"),
        read_referrer("https://www.google.com/", "shop.example"),
        read_tags("utm_source=news&utm_medium=email&gclid=x"),
        read_agent(FIREFOX),
    ],
    ids=["page", "referrer", "tags", "agent"],
)
def test_encoded_columns_are_those_that_rules_see(part: object) -> None:
    fields, columns = part.fields, part.columns  # type: ignore[attr-defined]
    assert fields.keys() <= COLUMNS
    assert values(columns, fields) == list(fields.values())


def test_a_page_is_host_and_path() -> None:
    page = read_page("https://Shop.example/a")
    assert (page.host, page.page) == ("shop.example", "shop.example/a")
    with pytest.raises(NeedsReferencePathError):
        read_page("not an address")


@table(
    ("query", "referrer"),
    [
        ("", ""),
        ("utm_source=news", ""),
        ("gclid=1", "https://www.google.com/"),
        ("", "https://www.google.com/"),
        ("utm_campaign=spring", "https://other.example/"),
        ("utm_medium=email", "https://www.google.com/"),
    ],
)
def test_the_lead_is_that_of_tags_and_referrer_together(query: str, referrer: str) -> None:
    tags, came = read_tags(query), read_referrer(referrer, "shop.example")
    assert lead_of(tags, came) == lead_source(tags.campaign, came.referrer)


def test_a_program_is_a_bot_whatever_its_agent_says() -> None:
    assert (read_agent(FIREFOX).bot, read_agent(FIREFOX, machine=True).bot) == (False, True)


def test_nothing_has_empty_columns() -> None:
    for part in (NO_REFERRER, NO_TAGS, NO_AGENT):
        assert not any(values(part.columns, part.fields))
    assert values(NO_PAGE.columns, ("url_host", "url_path")) == ["", ""]
    assert found_traits("", "") == {}
    assert encode_found("DE", "mobile") == encode_raw(found_traits("DE", "mobile"))


@table(
    ("fields", "identifiers", "key"),
    [
        ((None, "Ada@X.example", None, None, ()), ("email:ada@x.example",), b"main|email:ada@x.example"),
        ((None, None, "030 901820", None, ()), ("phone:+4930901820",), b"main|phone:+4930901820"),
        ((7, None, None, "v", ()), ("customer_id:7", "anonymous_id:v"), b"main|customer_id:7"),
        ((None, None, None, None, (("customer_id", 7),)), ("customer_id:7",), b"main|customer_id:7"),
        ((None, None, None, None, ()), (), b""),
    ],
)
def test_who_a_touch_names(fields: tuple[object, ...], identifiers: tuple[str, ...], key: bytes) -> None:
    found = IdentifierReader(ORDER, "DE").read("main", *fields)  # type: ignore[arg-type]
    assert values(found[0], ("identifiers", "ids")) == [list(identifiers), {}]
    assert (found[1], found[2]) == (tuple(f"main|{one}" for one in identifiers), key)


def test_values_left_to_the_reference_path() -> None:
    people = IdentifierReader(ORDER, "DE")
    for fields in ((None, "no address", None, None, ()), (None, None, None, None, (("Bad Name", "x"),))):
        with pytest.raises(NeedsReferencePathError):
            people.read("main", *fields)  # type: ignore[arg-type]
    with pytest.raises(NeedsReferencePathError):
        known_tenant("Not A Name")
