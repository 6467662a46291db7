"""An app is configured for batches: nothing is created, fetched or written that it does not need."""

from pathlib import Path

import pytest

from streams.runtime.app import Limits, make_app, stage


async def nothing(batch: object) -> None:
    """Handle a batch by doing nothing."""


def test_an_app_reads_from_several_brokers_and_commits_by_itself(tmp_path: Path) -> None:
    app = make_app("group", "one:9093, two", data_dir=tmp_path, commit_interval_s=0.25, session_timeout_s=20.0)
    assert app.address == "one:9093,two:9092"
    assert app.conf.id == "group"
    assert app.conf.broker_commit_interval == 0.25
    assert app.conf.broker_session_timeout == 20.0
    assert app.conf.broker_heartbeat_interval == 4.0
    assert app.conf.broker_request_timeout == 40.0
    assert not app.conf.topic_allow_declare
    assert not app.conf.web_enabled
    assert app.limits == Limits()
    assert app.warm() == {}


def test_a_topic_has_one_stage(tmp_path: Path) -> None:
    app = make_app("other", "one:9092", data_dir=tmp_path)
    stage(app, "intake", ["visits", "calls"], nothing, linger_s=0.1)
    assert app.linger_s == {"visits": 0.1, "calls": 0.1}
    with pytest.raises(ValueError, match="calls"):
        stage(app, "again", ["calls"], nothing)
