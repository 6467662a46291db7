"""Invalid records are kept in the quarantine, and a replay counts once."""

import json
from pathlib import Path

from tests.journeys.crowd import Raw
from tests.journeys.site import Site

BROKEN = b'{"type": "answered", "direction": "inbound", "occurred_at": "2026-03-01T10:00:00", "customer_id": "grace"}'
CORRECTED = BROKEN.replace(b'10:00:00"', b'10:00:00Z"')
PLACE = "SELECT raw_topic, raw_partition, raw_offset, event_id FROM events WHERE folded_into = 'customer_id:grace'"


def test_corrected_records_count_once_under_their_first_place(running_site: Site, tmp_path: Path) -> None:
    running_site.feed([Raw("calls", 1, BROKEN), Raw("calls", 1, b"{"), Raw("visits", 0, b'"text"')])
    running_site.wait_drained()
    listed = running_site.run_json("quarantine", "list", "--reason", "no_zone")
    assert len(listed) == 1
    assert "occurred_at" in listed[0]["detail"]
    place = listed[0]["place"]
    assert place.startswith(f"{running_site.prefix}calls/1/")
    assert {one["reason"] for one in running_site.run_json("quarantine", "list")} >= {
        "no_zone",
        "not_json",
        "not_an_object",
    }
    assert running_site.run("quarantine", "show", place).stdout == BROKEN.decode()

    corrected = tmp_path / "corrected.json"
    corrected.write_bytes(CORRECTED)
    topic, partition, offset = place.rsplit("/", 2)
    for _ in range(2):
        done = running_site.run("quarantine", "replay", place, "--file", str(corrected))
        assert (done.returncode, done.stdout) == (0, "1 record sent again.\n1 record accepted.\n"), done.stderr
        running_site.wait_drained()
        assert running_site.rows(PLACE) == [(topic, int(partition), int(offset), place)]
        assert running_site.rows("SELECT touches FROM profiles FINAL WHERE identifier = 'customer_id:grace'") == [(1,)]
    assert running_site.run_json("quarantine", "list", "--reason", "no_zone") == []
    assert [one["open"] for one in running_site.run_json("quarantine", "list", "--reason", "no_zone", "--all")] == [
        False
    ]


def test_a_replay_refused_again_is_reported_and_keeps_its_original_bytes(running_site: Site, tmp_path: Path) -> None:
    wrong = json.dumps({"type": "opened"}).encode()
    running_site.feed([Raw("emails", 0, wrong)])
    running_site.wait_drained()
    (place,) = [one["place"] for one in running_site.run_json("quarantine", "list", "--reason", "missing_field")]
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"garbage")
    for words, reason in (((place,), "missing_field"), ((place, "--file", str(garbage)), "not_json")):
        done = running_site.run("quarantine", "replay", *words)
        assert done.returncode == 3, done.stderr
        lines = done.stdout.splitlines()
        assert lines[:2] == ["1 record sent again.", "1 record refused again:"]
        assert lines[2].split()[:2] == [place, reason]
        running_site.wait_drained()
        assert running_site.run("quarantine", "show", place).stdout == wrong.decode()
    assert running_site.run("quarantine", "show", place, "--sent-again").stdout == "garbage"
    listed = [one for one in running_site.run_json("quarantine", "list") if one["place"] == place]
    assert [(one["reason"], one["sent_again"]) for one in listed] == [("not_json", True)]
    (answer,) = [running_site.run("quarantine", "replay", place, "--json", "--no-wait").stdout]
    assert json.loads(answer) == {"sent": 1, "skipped": {}}


def test_replay_of_a_missing_record_is_an_error(running_site: Site) -> None:
    done = running_site.run("quarantine", "replay", f"{running_site.prefix}calls/0/999999")
    assert done.returncode == 1
    assert done.stderr == f"touchline: The quarantine has no record of {running_site.prefix}calls/0/999999.\n"
