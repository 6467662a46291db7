"""The shell runs the snippet as it is printed, and what curl gets is a touch by the contract."""

import json
import os
import re
import subprocess
from pathlib import Path

from schemas.channels import CHANNELS
from sources.collector.endpoints.hooks import receive_hook
from sources.collector.keys.key_format import new_key
from sources.collector.routes import Router
from touchline.serving.snippets import curl_snippet, script_tag, sdk_lines, webhook_address


def test_curl_gets_the_key_and_a_touch(tmp_path: Path) -> None:
    """A program of the name curl writes its arguments down."""
    curl, key = tmp_path / "curl", new_key()
    curl.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    curl.chmod(0o755)
    lines = "\n".join(curl_snippet("http://127.0.0.1:8080", key))
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    printed = subprocess.run(["sh", "-c", lines], capture_output=True, check=True, env=environment).stdout
    url, _, header, _, body = printed.decode().removesuffix("\0").split("\0")
    assert url == "http://127.0.0.1:8080/v1/touches"
    assert header == f"Authorization: Bearer {key}"
    touch = json.loads(body)
    CHANNELS[touch.pop("channel")].model_validate(touch)


def test_each_sdk_gets_address_and_key() -> None:
    for line in sdk_lines("http://127.0.0.1:8080", "tl_x"):
        assert "tl_x" in line
        assert line.endswith("http://127.0.0.1:8080")


def test_the_tag_and_the_webhook_lead_to_routes() -> None:
    address = "http://127.0.0.1:8080"
    tag = re.fullmatch(r'<script async src="(.*)" data-key="tl_x"></script>', script_tag(address, "tl_x"))
    assert tag is not None
    paths = (tag[1].removeprefix(address), webhook_address(address).removeprefix(address))
    script, hook = (Router().find(path) for path in paths)
    assert script is not None
    assert hook is not None
    assert (script.name, hook.endpoint) == ("tracker", receive_hook)
