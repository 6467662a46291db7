"""Presets of telephone systems."""

from dataclasses import replace

import pytest

from sources.outcome import Reject, Skip
from sources.presets import PRESETS
from tests.sources.presets.rows import csv_rows, json_lines, options_of, touch_of

INBOUND = {"direction": "inbound"}
MASTER = (
    '"","4930901841","100","from-trunk","""Ada"" <4930901841>","SIP/trunk-01","SIP/100-02","Dial","SIP/100",'
    '"2026-11-28 10:00:00","2026-11-28 10:00:05","2026-11-28 10:00:49",49,44,"ANSWERED","DOCUMENTATION"'
)


@pytest.mark.parametrize("tail", ["", ',"1795860000.1",""', ',"1795860000.1","","","1795860000.1",7'])
def test_rows_of_asterisk_without_a_header_are_read(tail: str) -> None:
    options = options_of("asterisk", INBOUND, zone="Europe/Berlin", header=PRESETS["asterisk"].header)
    (made,) = csv_rows(f"{MASTER}{tail}\n", options)
    touch = touch_of(made)
    assert (touch["type"], touch["phone"], touch["duration_s"]) == ("answered", "4930901841", 44)
    assert touch["occurred_at"] == 1_795_856_400_000
    assert isinstance(properties := touch["properties"], dict)
    assert properties["disposition"] == "ANSWERED"
    assert properties.get("uniqueid", "1795860000.1") == "1795860000.1"


def test_a_row_of_asterisk_with_another_width_is_rejected() -> None:
    options = options_of("asterisk", INBOUND, zone="UTC", header=PRESETS["asterisk"].header)
    (refused,) = csv_rows(f'{MASTER},"userfield or uniqueid"\n', options)
    assert isinstance(refused, Reject)
    assert "17 cells where the header has 16 or 18 or 21" in refused.detail


@pytest.mark.parametrize(
    ("disposition", "lastapp", "kind"),
    [
        ("ANSWERED", "Dial", "answered"),
        ("ANSWERED", "VoiceMail", "voicemail"),
        ("NO ANSWER", "Dial", "missed"),
        ("BUSY", "Dial", "missed"),
        ("FAILED", "Dial", "missed"),
        ("CONGESTION", "Dial", "missed"),
        ("UNKNOWN", "Dial", "UNKNOWN"),
    ],
)
def test_dispositions_of_asterisk_give_the_type(disposition: str, lastapp: str, kind: str) -> None:
    table = f"calldate,src,dst,lastapp,disposition,billsec\n2026-11-28 10:00:00,+4930,100,{lastapp},{disposition},4\n"
    (made,) = csv_rows(table, options_of("asterisk", INBOUND, zone="UTC"))
    assert touch_of(made)["type"] == kind


@pytest.mark.parametrize(("direction", "phone"), [("inbound", "+4930"), ("outbound", "+4940")])
def test_the_number_of_the_customer_depends_on_the_direction(direction: str, phone: str) -> None:
    table = "calldate,src,dst,disposition\n2026-11-28 10:00:00,+4930,+4940,BUSY\n"
    (made,) = csv_rows(table, options_of("asterisk", {"direction": direction}, zone="UTC"))
    assert touch_of(made)["phone"] == phone


def test_options_take_precedence_over_the_preset() -> None:
    table = "calldate,ended,src,cnum,disposition\n2026-11-28 10:00:00,2026-11-28 10:05:00,+4930,+4940,BUSY\n"
    options = options_of(
        "asterisk",
        INBOUND,
        zone="UTC",
        columns={"cnum": "phone", "ended": "occurred_at"},
        values={("disposition", "busy"): "abandoned"},
    )
    (made,) = csv_rows(table, options)
    touch = touch_of(made)
    assert (touch["phone"], touch["type"], touch["occurred_at"]) == ("+4940", "abandoned", 1_795_860_300_000)
    (made,) = csv_rows(table, replace(options, values={("type", "busy"): "answered"}))
    assert touch_of(made)["type"] == "answered"
    (made,) = csv_rows(table, replace(options, values={("type", "busy"): ""}))
    assert made == Skip("left_out")
    (made,) = csv_rows(table, replace(options, constants={**INBOUND, "type": "missed"}))
    assert touch_of(made)["type"] == "missed"


FREESWITCH_ROW = (
    '"Ada","+4930901841","+4930100","default","2026-11-28 10:00:00","","2026-11-28 10:00:30",'
    '"30","{billsec}","{cause}","9f2c-1","","","PCMA","PCMA"'
)


@pytest.mark.parametrize(
    ("billsec", "cause", "kind"),
    [
        ("12", "NORMAL_CLEARING", "answered"),
        ("3", "RECOVERY_ON_TIMER_EXPIRE", "answered"),
        ("0", "NORMAL_CLEARING", "missed"),
        ("0", "NO_ANSWER", "missed"),
        ("0", "USER_BUSY", "missed"),
        ("0", "ORIGINATOR_CANCEL", "abandoned"),
    ],
)
def test_calls_of_freeswitch_are_read(billsec: str, cause: str, kind: str) -> None:
    options = options_of("freeswitch", INBOUND, zone="UTC", header=PRESETS["freeswitch"].header)
    (made,) = csv_rows(FREESWITCH_ROW.format(billsec=billsec, cause=cause) + "\n", options)
    touch = touch_of(made)
    assert (touch["type"], touch["event_id"], touch["phone"]) == (kind, "9f2c-1", "+4930901841")
    assert touch["occurred_at"] == 1_795_860_000_000


@pytest.mark.parametrize(
    ("column", "value"),
    [("start_uepoch", "1795860000000000"), ("start_epoch", "1795860000"), ("start_stamp", "2026-11-28 10:00:00")],
)
def test_all_times_of_freeswitch_are_read(column: str, value: str) -> None:
    rows = f"x-1,inbound,{value},+4930,NO_ANSWER\nx-2,local,{value},1,X\n"
    table = f"uuid,direction,{column},caller_id_number,hangup_cause\n{rows}"
    made, left_out = csv_rows(table, options_of("freeswitch", zone="UTC"))
    assert touch_of(made)["occurred_at"] == 1_795_860_000_000
    assert left_out == Skip("left_out")


def twilio(**given: object) -> dict[str, object]:
    return {
        "sid": "CA1",
        "from": "+4930",
        "to": "+4940",
        "start_time": "Sat, 28 Nov 2026 10:00:00 +0000",
        "status": "completed",
        "direction": "inbound",
        "duration": "44",
        **given,
    }


@pytest.mark.parametrize(
    ("given", "kind", "phone"),
    [
        ({}, "answered", "+4930"),
        ({"direction": "outbound-api"}, "answered", "+4940"),
        ({"direction": "trunking-terminating"}, "answered", "+4940"),
        ({"direction": "trunking-originating"}, "answered", "+4930"),
        ({"status": "no-answer", "duration": None}, "missed", "+4930"),
        ({"status": "busy"}, "missed", "+4930"),
        ({"status": "failed"}, "missed", "+4930"),
        ({"status": "canceled"}, "missed", "+4930"),
        ({"answered_by": "machine_end_beep"}, "voicemail", "+4930"),
        ({"answered_by": "human"}, "answered", "+4930"),
    ],
)
def test_calls_of_twilio_are_read(given: dict[str, object], kind: str, phone: str) -> None:
    (made,) = json_lines([twilio(**given)], options_of("twilio"))
    touch = touch_of(made)
    assert (touch["type"], touch["phone"], touch["event_id"]) == (kind, phone, "CA1")
    assert touch["occurred_at"] == 1_795_860_000_000


@pytest.mark.parametrize("given", [{"status": "ringing"}, {"status": "in-progress"}, {"direction": "outbound-dial"}])
def test_unfinished_and_dialled_calls_of_twilio_are_skipped(given: dict[str, object]) -> None:
    assert json_lines([twilio(**given)], options_of("twilio")) == [Skip("left_out")]


def test_a_dialled_leg_of_twilio_is_read_by_option() -> None:
    options = options_of("twilio", values={("direction", "outbound-dial"): "outbound"})
    (made,) = json_lines([twilio(direction="outbound-dial")], options)
    assert touch_of(made)["phone"] == "+4940"


def test_columns_of_twilios_console_are_read() -> None:
    table = (
        "Sid,From,To,Start Time,Status,Direction,Duration\nCA1,+4930,+4940,2026-11-28T10:00:00Z,Completed,Inbound,44\n"
    )
    (made,) = csv_rows(table, options_of("twilio"))
    touch = touch_of(made)
    assert (touch["type"], touch["phone"], touch["duration_s"]) == ("answered", "+4930", 44)
