"""Requests in the quarantine, mapped by the present file of webhooks; tests/touchline/cli/test_hook.py has files."""

import json
from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.ops.kept_requests import RequestMapper
from touchline.settings import read_settings

KEPT = b'POST /v1/hooks/generic/desk\n\n{"RecordType": "Open", "at": "2026-11-30T10:31:40Z", "email": "a@example.org"}'
MAPPING = '[[touch]]\nchannel = "feedback"\n[touch.fields]\ntype = "kind"\noccurred_at = "at"\nemail = "email"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a webhook whose mapping is wrong."""
    (tmp_path / "hooks.toml").write_text(
        '[hooks.desk]\nprovider = "generic"\nsecrets = ["s"]\n[hooks.desk.options]\nmapping = "mine.toml"\n'
    )
    (tmp_path / "mine.toml").write_text(MAPPING)
    return tmp_path


def test_a_request_is_mapped_by_the_corrected_mapping(folder: Path) -> None:
    settings = read_settings(data=str(folder))
    found = RequestMapper(settings).map_place("hooks.generic.desk", KEPT, 5)
    assert (found.messages, found.unmappable) == ((), "type: Field required")
    (folder / "mine.toml").write_text(MAPPING.replace('"kind"', "\"'given'\""))
    ((channel, value),) = RequestMapper(settings).map_place("hooks.generic.desk", KEPT, 5).messages
    assert channel == "feedback"
    assert (json.loads(value)["email"], json.loads(value)["source"]) == ("a@example.org", "desk")


def test_a_source_that_is_not_configured_any_more_is_named(folder: Path) -> None:
    mapper = RequestMapper(read_settings(data=str(folder)))
    assert "There is no webhook generic/shop" in mapper.map_place("hooks.generic.shop", KEPT, 5).unmappable
    with pytest.raises(CliError, match="There is no webhook"):
        mapper.hook("", "shop")
