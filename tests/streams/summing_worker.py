"""A worker for tests: it adds up numbers by key, stores the last offset by key, and sends an effect for every record.

Run it as a program with its settings as JSON. It is idempotent in the way of the real stages: a record at or below the
key's last offset changes no state, but its effect is sent again.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from streams.kafka.sender import Sender
from streams.records import RecordBatch
from streams.runtime.app import Limits, make_app, run_worker, stage
from streams.runtime.progress import progress
from streams.state.rocksdb_directory import RocksStores
from streams.state.table import ChangelogTable

SETTINGS = json.loads(sys.argv[1])


def version_of(value: bytes) -> int:
    """Return the source offset of a value `total offset`."""
    return int(value.split()[1])


app = make_app(
    SETTINGS["group"],
    SETTINGS["kafka"],
    data_dir=Path(SETTINGS["data_dir"]),
    limits=Limits(batch_records=SETTINGS.get("batch_records", 200)),
    session_timeout_s=SETTINGS.get("session_s", 30.0),  # a busy machine may pause for several seconds
    instance_id=SETTINGS.get("instance"),
    standbys=SETTINGS.get("standbys", 0),
)


def say(what: str) -> None:
    """Print a line in one write, because workers share the log."""
    os.write(1, f"{os.getpid()} {what}\n".encode())


def say_recovered(partition: int) -> None:
    """Report that the state of a partition is complete."""
    say(f"read {partition} {table.offsets_read(partition)}")
    say(f"has {partition}")


table = ChangelogTable(
    app, "sums", source=SETTINGS["source"], changelog=SETTINGS["changelog"], version_of=version_of,
    on_recovered=say_recovered, stores=RocksStores(Path(SETTINGS["state"])) if "state" in SETTINGS else None,
)  # fmt: skip
sender = Sender(app)


async def add_up(batch: RecordBatch) -> None:
    """Fold a batch, send its effects, and write the state."""
    state = table.partition(batch.partition)
    changes: dict[bytes, bytes | None] = {}
    for record in batch.records:
        key, value = record.key or b"", record.value or b"0"
        if value == b"poison":
            if not SETTINGS.get("cured"):
                raise ValueError("poison")
            value = b"1"
        total, last = (changes.get(key) or state.get(key, b"0 -1")).split()
        if record.offset > int(last):
            changes[key] = b"%d %d" % (int(total) + int(value), record.offset)
    effects = [(record.key, b"%d" % record.offset, None) for record in batch.records]
    await sender.send({(SETTINGS["effects"], batch.partition): effects})
    await table.write(batch.partition, changes)
    say(f"did {batch.partition} {batch.first_offset} {batch.last_offset}")


@app.timer(0.3)  # type: ignore[untyped-decorator]
async def say_progress() -> None:
    """Report progress, without the fields that depend on the clock."""
    rows = [[p.partition, p.assigned, p.recovering, p.position, p.committed, p.end, p.lag] for p in progress(app)]
    say(f"progress {json.dumps(rows)}")
    say(f"warm {json.dumps(table.standby_lag())}")


async def say_seen(batch: RecordBatch) -> None:
    """Report the records of a topic without state."""
    say(f"saw {batch.topic} {batch.partition} {batch.last_offset}")


stage(app, "adding", [SETTINGS["source"]], add_up, [table])
if "added" in SETTINGS:
    stage(app, "seeing", [SETTINGS["added"]], say_seen)
run_worker(app)
