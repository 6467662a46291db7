"""The written contract matches the models, and its examples are valid."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import pytest

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.flags import Flag
from schemas.identifiers.identifier import ORDER
from schemas.pings import Ping
from schemas.raw_touch import LONGEST_ID, LONGEST_TEXT, RawTouch
from schemas.rejected import Reason
from schemas.timestamps import EARLIEST_MS, END_MS
from streams.intake.decoder import decode
from streams.intake.json_reader import DEEPEST
from streams.intake.side_fields import NEVER_ASIDE
from streams.profile.summary import EMPTY
from tests.schemas.column_types import read_row
from tests.schemas.touches import changed
from tests.streams.intake.bad_messages import LIMIT_BYTES
from tests.streams.intake.reading import CONFIG, raw_record, refuse, take
from tests.streams.profile_messages import profile_message

TEXT: Final = (Path(__file__).parents[2] / "docs" / "contract.md").read_text()
SECTIONS: Final = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")}
RECEIVED_MS: Final = 1_769_950_000_000  # 2026-02-01, after all examples


class Example(NamedTuple):
    """A block of JSON and the channel that the line above it names."""

    channel: str
    text: str


def examples() -> list[Example]:
    found = re.findall(r"^`(\w+)`: [^`]*(?:`[^`]+`[^`]*)*?\n\n```json\n(.*?)```", TEXT, re.MULTILINE | re.DOTALL)
    return [Example(channel, text) for channel, text in found]


def rows(section: str) -> dict[str, list[str]]:
    """The tables of a section: first cell, which is code, to the others."""
    lines = re.findall(r"^\| `(\w+)` \|(.*)\|$", SECTIONS[section], re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in lines}


def test_every_example_is_found_and_every_channel_has_some() -> None:
    assert len(examples()) == TEXT.count("```json") >= 6
    assert {example.channel for example in examples()} == set(CHANNELS)


@pytest.mark.parametrize("example", examples(), ids=lambda it: it.channel)
def test_an_example_is_a_touch(example: Example) -> None:
    touch: dict[str, Any] = json.loads(example.text)
    assert touch.keys() <= CHANNELS[example.channel].model_fields.keys()
    if touch["type"] in CHANNELS[example.channel].PINGS:
        assert isinstance(decode(raw_record(example.channel, example.text.encode()), CONFIG), Ping)
        return
    found = take(example.channel, touch, value=example.text.encode(), received_at_ms=RECEIVED_MS)
    assert found.ids
    flags = set(read_row(found.head, EVENT_HEAD)["flags"])
    assert (Flag.DERIVED_ID in flags) is ("event_id" not in touch)
    assert (Flag.CLOCK_CORRECTED in flags) is ("sent_at" in touch)
    assert flags <= {Flag.DERIVED_ID, Flag.CLOCK_CORRECTED}


def required(fields: dict[str, list[str]]) -> set[str]:
    return {name for name, cells in fields.items() if cells[0] == "required"}


def test_the_common_fields() -> None:
    listed = rows("Common fields")
    assert set(listed) == set(RawTouch.model_fields)
    assert required(listed) == {name for name, field in RawTouch.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_fields_and_types_of_a_channel(channel: str) -> None:
    listed, fields = rows(channel), CHANNELS[channel].model_fields
    assert set(listed) == set(fields) - set(RawTouch.model_fields)
    assert required(listed) == {name for name in listed if fields[name].is_required()}
    assert {name for name, cells in listed.items() if cells[0] == "by type"} == set(CHANNELS[channel].REQUIRED_BY)
    types = list(get_args(CHANNELS[channel].model_fields["type"].annotation))
    sentence = SECTIONS[channel].partition("| Field")[0]
    assert re.findall(r"`(\w+)`", sentence) == types


def test_every_reason_and_every_flag_is_explained() -> None:
    reasons = rows("Rejection reasons")
    assert list(reasons) == [reason.value for reason in Reason]
    assert all(len(cells) == 2 and all(cells) for cells in reasons.values())
    assert list(rows("Flags")) == [flag.value for flag in Flag]


def test_the_limits() -> None:
    assert f"at most {LIMIT_BYTES // 1024} kB, at most {DEEPEST} levels" in TEXT
    assert f"nested deeper than {DEEPEST} levels" in TEXT
    assert f"Ids and short texts take {LONGEST_ID} characters, all other texts {LONGEST_TEXT:,}" in " ".join(
        TEXT.split()
    )


def test_the_order_of_identifiers() -> None:
    listed = SECTIONS["Identifiers"].partition("From strongest to weakest:")[2].partition(";")[0]
    assert tuple(name for name in re.findall(r"`(\w+)`", listed) if name != "ids") == ORDER


def test_the_fields_of_a_published_profile() -> None:
    found = json.loads(profile_message("main|email:ada@example.org", EMPTY, 0))
    listed = re.findall(r"^\| `(\w+)` \|", SECTIONS["Output: topic `profiles`"], re.MULTILINE)
    assert listed == list(found)


JUNK: Final = ["null", "undefined", "unknown", "anonymous", "n/a", "anonymous_user", "not_authenticated", "user_id"]
PLACEHOLDERS: Final = ["{{user.id}}", "*|EMAIL|*", "%%email%%", "${id}", "<%= id %>", "[[id]]", "__ID__", "%id%"]
HIDDEN: Final = [
    "Private",
    "No Caller ID",
    "非通知",
    "+266696687",
    "+86282452253",
    "+7378742833",
    "+8656696",
    "+2562533",
]
MAILBOXES: Final = ["info@", "noreply@", "support@"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("customer_id", [*JUNK, *PLACEHOLDERS, "AnonymousUser", "[object Object]", "logged_out"]),
        ("phone", [*HIDDEN, "1234567890", "anonymous@anonymous.invalid"]),
        ("email", [*MAILBOXES, "user@example.com"]),
    ],
)
def test_the_named_junk_is_junk(field: str, values: list[str]) -> None:
    for value in values:
        assert f"`{value}`" in SECTIONS["Identifiers"]
        whole = value + "example.org" if value.endswith("@") else value
        assert take("calls", changed("calls", **{field: whole})).ids == ()


@pytest.mark.parametrize(
    ("field", "text", "identifier"),
    [
        ("email", "Ada <ada@example.org>", "email:ada@example.org"),
        ("email", "mailto:ada@example.org", "email:ada@example.org"),
        ("email", "prvs=4123abcd12=ada@example.org", "email:ada@example.org"),
        ("email", "SRS0=hash=day=example.org=ada@forwarder.example", "email:ada@example.org"),
        ("email", "ada@example.com", "email:ada@example.com"),
        ("phone", '"Ada" <sip:+4930901820@pbx.example.com>', "phone:+4930901820"),
    ],
)
def test_the_named_spellings_are_read(field: str, text: str, identifier: str) -> None:
    assert f"`{text}`" in SECTIONS["Identifiers"]
    assert take("calls", changed("calls", **{field: text})).ids == (f"main|{identifier}",)


@pytest.mark.parametrize("time", ["1795910400", "20261129"])
def test_the_named_times_are_refused(time: str) -> None:
    assert f"`{time}`" in SECTIONS["Times"]
    assert refuse("calls", changed("calls", occurred_at=int(time))).reason is Reason.BAD_TIME


def test_the_bounds_of_a_plausible_time() -> None:
    earliest, end = (datetime.fromtimestamp(ms / 1_000, UTC) for ms in (EARLIEST_MS, END_MS))
    assert (earliest, end) == (datetime(1990, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC))
    assert "before 1990" in SECTIONS["Times"]
    assert "from 2070 on" in SECTIONS["Times"]


def test_the_fields_that_are_always_needed() -> None:
    listed = next(item for item in SECTIONS["Side fields"].split("\n- ") if "`event_id`" in item)
    needed = {name for model in CHANNELS.values() for name, field in model.model_fields.items() if field.is_required()}
    needed |= {name for model in CHANNELS.values() for name in model.REQUIRED_BY}
    assert set(re.findall(r"`(\w+)`", listed)) == needed | NEVER_ASIDE


def test_a_topic_of_the_table_is_a_channel_with_a_schema() -> None:
    found = re.findall(r"^\| `(\w+)` .*\(schemas/(\w+)\.json\) \|$", TEXT, re.MULTILINE)
    assert found == [(channel, channel) for channel in CHANNELS]
