"""A worker continues where one of an earlier version was killed, and stops at records of a later version."""

import json
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import OffsetAndMetadata, TopicPartition

from schemas.activity import RECORD_MARK
from schemas.blocks import BlockHeader, encode_block
from schemas.row_layouts import LAYOUTS
from streams.kafka.topic_admin import create_missing
from tests.journeys.conftest import NewSite
from tests.journeys.site import Site
from tests.journeys.tables import Tables, differences, read_tables
from tests.journeys.test_rebuild import delete_records
from tests.journeys.waiting import PATIENCE_S, wait_for
from tests.layouts import former
from touchline.worker.stages import STAGES, group_of, topics_of

EX_CONFIG = 78


def restore(site: Site) -> None:
    """Put the site's topics and offsets as the killed worker left them; ClickHouse was away the whole time."""
    create_missing(site.kafka, topics_of(site.settings), 1)
    producer = KafkaProducer(bootstrap_servers=site.kafka, acks="all", linger_ms=20)
    try:
        for topic in former.recorded()["topics"]:
            for one in former.records(topic):
                producer.send(site.prefix + topic, one.value, one.key, partition=one.partition)
        producer.flush(PATIENCE_S)
    finally:
        producer.close()
    activity = topics_of(site.settings).activity
    commit(site, {TopicPartition(activity, int(p)): at for p, at in former.recorded()["committed"].items()})


def commit(site: Site, offsets: dict[TopicPartition, int]) -> None:
    """Commit offsets for the group of a worker with all stages."""
    consumer = KafkaConsumer(
        bootstrap_servers=site.kafka, group_id=group_of(site.settings, STAGES), enable_auto_commit=False
    )
    try:
        consumer.assign(list(offsets))
        consumer.commit({place: OffsetAndMetadata(at, "", -1) for place, at in offsets.items()})
    finally:
        consumer.close()


def stored_by_former(tables: Tables) -> Tables:
    """Return the tables that a worker of the earlier version stored, with the columns of that version."""
    return {name: former.rows(name) for name in tables if name in former.recorded()["tables"]}


def plain(tables: Tables, like: Tables) -> Tables:
    """Return rows as JSON values, without empty columns and columns newer than the recorded rows."""
    found: Tables = json.loads(json.dumps({name: tables[name] for name in like}, default=str))
    return {
        name: [{key: value for key, value in row.items() if value not in EMPTY and key not in NEWER} for row in rows]
        for name, rows in found.items()
    }


EMPTY: tuple[Any, ...] = ("", None, [], {}, 0, False)
NEWER = {"change"}  # the empty value of this column is 1


def test_a_worker_continues_where_an_earlier_version_was_killed(site: Site) -> None:
    restore(site)
    site.start()
    site.wait_drained()
    tables = read_tables(site.client(), former.recorded()["prefix"])
    wanted = stored_by_former(tables)
    assert differences(plain(tables, wanted), wanted) == ""
    assert tables["quarantine"] == []
    audited = site.audit()
    assert audited.ok, audited


def test_rows_of_an_earlier_version_are_restored(site: Site) -> None:
    """Rows come from its blocks, its states and, for touches older than `timeline`, its activity records."""
    restore(site)
    worker = site.start()
    site.wait_drained()
    before = site.tables()
    worker.stop()
    delete_records(site, "timeline")
    for table in ("events", "profiles", "session_pieces", "identities"):
        site.client().command(f"ALTER TABLE {table} DELETE WHERE activity_offset % 2 = 0 SETTINGS mutations_sync = 2")
    assert site.count("events") < len(before["events"])
    report = site.run_json("rebuild", "--yes")
    assert report["read"]["activity"] > 0
    assert report["beyond"] == []
    assert differences(site.tables(), before) == ""


def send_later(site: Site, topic: str, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=site.kafka, acks="all")
    try:
        producer.send(topic, value, partition=0).get(PATIENCE_S)
    finally:
        producer.close()


def check_it_stops(site: Site, name: str, what: str) -> None:
    worker = site.start(name)
    worker.may_end = True
    wait_for(lambda: not worker.child.alive(), "the worker to end")
    assert worker.child.exit_code == EX_CONFIG
    (line,) = [line for line in worker.output().splitlines() if "has layout" in line]
    assert what in line
    assert "update this worker to the version of those that wrote it. " in line
    assert "Traceback" not in worker.output()


def test_a_downgraded_worker_stops_at_what_a_later_version_wrote(new_site: NewSite) -> None:
    record, columns = RECORD_MARK[0] + 1, LAYOUTS["events"] + 1
    block = encode_block(BlockHeader("events", 0, 0, 0, 1, 0, columns), [b"x"])
    for topic, value, what in (
        ("activity", bytes((record,)) + b"\x95\x04", f"A record of `activity` has layout {record}"),
        ("timeline", block, f"The block of 'events' in timeline record 0/0 has layout {columns}"),
    ):
        site = new_site()
        create_missing(site.kafka, topics_of(site.settings), 1)
        send_later(site, site.prefix + topic, value)
        for name in ("one", "two"):  # worker two finds it, too, since it was not committed
            check_it_stops(site, name, what)
        assert site.count("quarantine") == site.count("events") == 0
