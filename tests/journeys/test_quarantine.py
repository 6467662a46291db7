"""What cannot be read waits in the quarantine, and comes out of it once."""

import json
from pathlib import Path

from tests.journeys.crowd import Raw
from tests.journeys.site import Site

BROKEN = b'{"type": "answered", "direction": "inbound", "occurred_at": "2026-03-01T10:00:00", "customer_id": "grace"}'
MENDED = BROKEN.replace(b'10:00:00"', b'10:00:00Z"')
PLACE = "SELECT raw_topic, raw_partition, raw_offset, event_id FROM events WHERE folded_into = 'customer_id:grace'"


def test_mended_records_count_once_under_their_first_place(living: Site, tmp_path: Path) -> None:
    living.feed([Raw("calls", 1, BROKEN), Raw("calls", 1, b"{"), Raw("visits", 0, b'"text"')])
    living.wait_drained()
    listed = living.ask("quarantine", "list", "--reason", "no_zone")
    assert len(listed) == 1
    assert "occurred_at" in listed[0]["detail"]
    place = listed[0]["place"]
    assert place.startswith(f"{living.prefix}calls/1/")
    assert {one["reason"] for one in living.ask("quarantine", "list")} >= {"no_zone", "not_json", "not_an_object"}
    assert living.run("quarantine", "show", place).stdout == BROKEN.decode()

    mended = tmp_path / "mended.json"
    mended.write_bytes(MENDED)
    topic, partition, offset = place.rsplit("/", 2)
    for _ in range(2):
        done = living.run("quarantine", "replay", place, "--file", str(mended))
        assert (done.returncode, done.stdout) == (0, "1 record sent again.\n1 record accepted.\n"), done.stderr
        living.wait_drained()
        assert living.rows(PLACE) == [(topic, int(partition), int(offset), place)]
        assert living.rows("SELECT touches FROM profiles FINAL WHERE identifier = 'customer_id:grace'") == [(1,)]
    assert living.ask("quarantine", "list", "--reason", "no_zone") == []
    assert [one["open"] for one in living.ask("quarantine", "list", "--reason", "no_zone", "--all")] == [False]


def test_a_replay_refused_again_is_reported_and_keeps_its_original_bytes(living: Site, tmp_path: Path) -> None:
    wrong = json.dumps({"type": "opened"}).encode()
    living.feed([Raw("emails", 0, wrong)])
    living.wait_drained()
    (place,) = [one["place"] for one in living.ask("quarantine", "list", "--reason", "missing_field")]
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"garbage")
    for words, reason in (((place,), "missing_field"), ((place, "--file", str(garbage)), "not_json")):
        done = living.run("quarantine", "replay", *words)
        assert done.returncode == 3, done.stderr
        told = done.stdout.splitlines()
        assert told[:2] == ["1 record sent again.", "1 record refused again:"]
        assert told[2].split()[:2] == [place, reason]
        living.wait_drained()
        assert living.run("quarantine", "show", place).stdout == wrong.decode()
    assert living.run("quarantine", "show", place, "--sent-again").stdout == "garbage"
    listed = [one for one in living.ask("quarantine", "list") if one["place"] == place]
    assert [(one["reason"], one["sent_again"]) for one in listed] == [("not_json", True)]
    (answer,) = [living.run("quarantine", "replay", place, "--json", "--no-wait").stdout]
    assert json.loads(answer) == {"sent": 1, "skipped": {}}


def test_replay_of_what_is_not_there(living: Site) -> None:
    done = living.run("quarantine", "replay", f"{living.prefix}calls/0/999999")
    assert done.returncode == 1
    assert done.stderr == f"touchline: The quarantine has no record of {living.prefix}calls/0/999999.\n"
