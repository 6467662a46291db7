"""Faust's own command starts the same worker."""

import json
import sys

from deploy.process import Child
from tests.journeys.crowd import Raw
from tests.journeys.site import ROOT, STOP_S, Site, Worker

TOUCH = {"type": "missed", "direction": "inbound", "occurred_at": "2026-03-01T10:00:00Z", "customer_id": "faust"}


def test_a_touch_travels_through_a_worker_that_faust_started(site: Site) -> None:
    argv = [sys.executable, "-m", "faust", "-A", "streams.app", "worker", "--loglevel", "warn"]
    worker = Worker(Child("faust", argv, site.folder / "faust.log", env=site.env(), stop_s=STOP_S, cwd=ROOT))
    worker.child.start()
    site.workers.append(worker)
    site.feed([Raw("calls", 0, json.dumps(TOUCH).encode())])
    site.wait_drained()
    assert site.rows("SELECT identifier, touches FROM profiles FINAL") == [("customer_id:faust", 1)]
    worker.stop()
