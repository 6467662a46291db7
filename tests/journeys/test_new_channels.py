"""An upgrade that adds channels: workers that do not know them are replaced one after another."""

import json
from collections import Counter
from typing import Final

from schemas.channels import CHANNELS
from tests.journeys.crowd import RAW_PARTITIONS, Raw
from tests.journeys.site import Site, Worker
from tests.journeys.waiting import wait_for

FORMER: Final = ("visits", "emails", "calls")
FORMER_PROGRAM: Final = (
    "-c",
    "import touchline.worker.stages as stages\n"
    f"stages.CHANNELS = {{name: stages.CHANNELS[name] for name in {FORMER}}}\n"
    "from touchline.__main__ import main\n"
    "main()",
)
WORKERS: Final = ("one", "two")
CUSTOMERS: Final = 8
AT: Final = "2026-03-01T10:00:00Z"
TOUCHES: Final[dict[str, dict[str, object]]] = {
    "calls": {"type": "answered", "direction": "inbound"},
    "messages": {"type": "received", "direction": "inbound", "network": "sms"},
    "tickets": {"type": "opened"},
}


def feed(site: Site, channel: str, begin: int) -> Counter[str]:
    """Send a touch of each customer on a channel, with event ids from `begin` on; return their number by channel."""
    records = []
    for number in range(CUSTOMERS):
        touch = {**TOUCHES[channel], "occurred_at": AT, "event_id": f"{channel}-{begin + number}"}
        if channel == "tickets":
            touch["ticket_id"] = f"T-{begin + number}"
        value = json.dumps({**touch, "customer_id": f"c{number}"}).encode()
        records.append(Raw(channel, number % RAW_PARTITIONS, value))
    site.feed(records)
    return Counter({channel: len(records)})


def wait_ready(worker: Worker) -> None:
    wait_for(lambda: worker.page("ready")[0] == 200, f"{worker.child.name} to be ready")


def test_touches_of_new_channels_are_processed_after_a_rolling_upgrade(site: Site) -> None:
    workers = {name: site.start(name, program=FORMER_PROGRAM) for name in WORKERS}
    for worker in workers.values():
        wait_ready(worker)
    sent = feed(site, "calls", 0)
    site.wait_drained()
    for channel in ("messages", "tickets"):
        sent += feed(site, channel, 0)
    unread = f"No worker reads {', '.join(site.prefix + name for name in CHANNELS if name not in FORMER)}:"
    wait_for(lambda: any(line.startswith(unread) for line in site.run_json("status")["trouble"]), unread)
    assert dict(site.rows("SELECT channel, count() FROM events GROUP BY channel")) == {"calls": CUSTOMERS}

    for turn, name in enumerate(WORKERS, 1):
        workers[name].stop()
        for channel in TOUCHES:
            sent += feed(site, channel, turn * CUSTOMERS)
        workers[name] = site.start(name)
        wait_ready(workers[name])
    site.wait_drained()

    assert dict(site.rows("SELECT channel, count() FROM events GROUP BY channel")) == sent
    assert site.count("quarantine") == 0
    audited = site.audit()
    assert audited.ok, audited
    assert audited.profiles == CUSTOMERS
