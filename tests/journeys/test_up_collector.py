"""The collector of `touchline up`: a first touch with the demo key, which is stored nowhere and can be revoked."""

import asyncio
import json
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.cookies import RequestsCookieJar

from sinks.clickhouse.client import connect, parse_address
from tests.journeys.home import Home, running_home
from tests.journeys.waiting import PATIENCE_S, wait_for
from tests.streams.cluster import read_records
from touchline.local.data_folder.run_file import read_run_file
from touchline.settings import read_settings
from touchline.worker.stages import topics_of


@pytest.fixture
def home(tmp_path: Path, jars: Path) -> Iterator[Home]:
    yield from running_home(tmp_path / "home", jars)


def test_a_touch_sent_with_the_printed_command_is_stored(home: Home) -> None:
    """The demo key is printed and stays the same; once revoked, it is refused and not printed any more."""
    home.start()
    wait_for(lambda: "try  " in home.output(), "the addresses to be printed")
    command = home.output().partition("Send a touch:")[2].partition("}'")[0] + "}'"
    sent = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    assert '"accepted":1' in sent.stdout.replace(" ", ""), sent
    home.wait_audited(1)
    check_keys_are_stored_nowhere(home)
    status = json.loads(home.run("status", "--json").stdout)
    where = json.loads(home.run("where", "--json").stdout)
    assert status["collector"] == {"address": where["collector"], "ready": True}
    cookies = check_the_owner_is_logged_in(where["pages"], where["api"])
    watching = check_the_touch_is_live(where["api"], cookies)
    key = (home.folder / "demo.key").read_text().strip()
    assert home.run("key", "revoke", key).returncode == 0
    wait_for(lambda: "unknown_key" in post(where["collector"], key), "the revoked key to be refused")
    assert home.stop(signal.SIGINT, whole_group=True) == 0
    watching.close()  # the API has ended the stream, or it would not have stopped

    home.log.unlink()
    home.start()
    wait_for(lambda: "The demo key is revoked" in home.output(), "the notice")
    assert key not in home.output()
    assert home.stop(signal.SIGTERM, whole_group=False) == 0


def check_the_owner_is_logged_in(link: str, api: str) -> RequestsCookieJar:
    """Open the link once, and ask the API with its cookie, which is returned."""
    opened = requests.get(link, allow_redirects=False, timeout=PATIENCE_S)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert requests.get(f"{api}/v1/top", cookies=opened.cookies, timeout=PATIENCE_S).status_code == 200
    assert requests.get(link, allow_redirects=False, timeout=PATIENCE_S).status_code == 403
    return opened.cookies


def check_the_touch_is_live(api: str, cookies: RequestsCookieJar) -> requests.Response:
    """Open the stream of live events, which begins with the touch of the printed command; return it, still open."""
    stream = requests.get(f"{api}/v1/live", cookies=cookies, stream=True, timeout=PATIENCE_S)
    data = next(line for line in stream.iter_lines(chunk_size=1) if line.startswith(b"data: "))
    touch = json.loads(data.removeprefix(b"data: "))["newest"][0]  # the oldest
    assert (touch["profile"], touch["title"]) == ("email:ada@example.org", "Viewed /pricing")
    return stream


def check_keys_are_stored_nowhere(home: Home) -> None:
    """Send the key in all places where SDKs and people put it; it reaches neither topics, tables nor logs."""
    run, key = read_run_file(home.folder), (home.folder / "demo.key").read_text().strip()
    assert run is not None
    event = {
        "type": "track",
        "event": "Signed up",
        "messageId": "m1",
        "userId": "ada",
        "writeKey": key,
        "context": {"page": {"url": f"https://shop.example/?writeKey={key}"}},
        "properties": {"token": key, "note": f"the key is {key}.", key: 1},
    }
    bad = {"type": "track", "messageId": "m2", "userId": "ada", "writeKey": key, "note": key}
    answer = post(run.collector, key, "/v1/batch", {"writeKey": key, "batch": [event, bad]})
    assert "error" not in answer, answer
    home.wait_audited(2)
    client = connect(parse_address(run.reader), "read")
    wait_for(lambda: client.query("SELECT count() FROM quarantine").result_rows == [(1,)], "the bad event")
    secret = key.removeprefix("tl_")
    for table in ("events", "quarantine", "profiles"):
        rows = client.query(f"SELECT * FROM {table}").result_rows
        assert rows, table
        assert secret not in str(rows), table
        assert table != "events" or "the key is [write key]." in str(rows)
    client.close()
    topics = topics_of(read_settings())
    for topic in topics.all():
        records = asyncio.run(read_records(run.kafka, topic.name))
        assert not any(secret.encode() in (record.value or b"") + (record.key or b"") for record in records), topic.name
    logs = [path for path in home.folder.rglob("*.log*") if path.is_file() and path != home.log]
    assert {"collector.log", "worker.log", "engine.log"} <= {path.name for path in logs}
    assert not any(secret.encode() in path.read_bytes() for path in logs)


def post(collector: str, key: str, path: str = "/v1/touches", body: object = ()) -> str:
    """Return the collector's answer to a request, by default one without a touch."""
    headers = {"Authorization": f"Bearer {key}"}
    request = urllib.request.Request(f"{collector}{path}", json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()
