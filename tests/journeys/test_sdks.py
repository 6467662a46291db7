"""Real SDKs of two families and two languages, from the collector to rows in ClickHouse and one profile."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.clients.calls import FAMILIES
from tests.clients.collector_process import CollectorProcess, Sender
from tests.clients.programs import run_node, run_python
from tests.journeys.site import Site
from tests.journeys.waiting import wait_for

LIBRARIES = {"segment": "analytics-python", "rudderstack": "analytics-node"}
ANONYMOUS = 1  # of the calls of a family: they belong to another profile


@pytest.fixture
def sender(site: Site) -> Iterator[Sender]:
    """What SDKs need for a collector of a site whose worker runs."""
    worker = site.start()
    wait_for(lambda: worker.page("ready")[0] == 200, "the worker to be ready")
    collector = CollectorProcess(site.settings)
    try:
        collector.start()
        yield collector.new_sender()
    finally:
        collector.stop()


def test_what_two_sdks_send_is_one_profile_with_each_touch_once(site: Site, sender: Sender) -> None:
    run_python("segment", sender.address, sender.key)
    run_node("rudderstack", sender.address, sender.key)
    expected = Counter(
        (channel, touch["type"], touch.get("name", ""), library)
        for family, library in LIBRARIES.items()
        for channel, touch in FAMILIES[family][1]
        if channel != "orders"
    )
    site.wait_drained()
    rows = site.rows(
        "SELECT channel, type, name, library, count() FROM events "
        f"WHERE source = '{sender.source}' AND channel != 'orders' GROUP BY ALL"
    )
    assert Counter({(channel, kind, name, library): count for channel, kind, name, library, count in rows}) == expected
    assert site.rows(
        "SELECT type, order_id, toString(total), currency, items_sku FROM events WHERE channel = 'orders'"
    ) == [
        ("placed", "o-1", "25.1", "EUR", ["s-1"])  # both sent it
    ]
    assert site.rows("SELECT group_id, traits['name'] FROM companies") == [("g-1", "Acme")]
    assert site.rows("SELECT group_id, profile FROM company_members") == [("g-1", "customer_id:c-1")]
    assert site.count("events WHERE bot") == 0  # the user agents of the SDKs themselves would be bots
    assert site.count("quarantine") == 0
    profile = site.run_json("profile", "email:ada@example.org")
    assert profile["identifier"] == "customer_id:c-1"
    assert profile["touches"] == expected.total() + 1 - ANONYMOUS * len(LIBRARIES)
    assert site.run_json("profile", "anonymous_id:c-0")["identifier"] == "customer_id:c-1"
    audited = site.audit()
    assert audited.ok, audited
