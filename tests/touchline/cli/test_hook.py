"""`touchline hook`: what is listed and printed, and how a request is tried."""

import json
from pathlib import Path

import pytest

from tests.touchline.cli.running import WRONG_USE, run
from touchline.errors import CliError

FILE = """
public_url = "https://touch.example.org"
[hooks.shop]
provider = "postmark"
secrets = ["user:s3cret"]
label = "mails of the shop"
[hooks.desk]
provider = "generic"
secrets = ["a", "b"]
[hooks.desk.options]
mapping = "cdr"
"""
OPEN = {
    "RecordType": "Open",
    "MessageID": "m1",
    "Recipient": "ada@example.org",
    "ReceivedAt": "2026-11-30T10:31:40Z",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two webhooks, and files to try."""
    monkeypatch.setenv("TOUCHLINE_DATA", str(tmp_path))
    (tmp_path / "hooks.toml").write_text(FILE)
    (tmp_path / "body.json").write_text(json.dumps(OPEN))
    (tmp_path / "kept").write_text(f"POST /v1/hooks/postmark/shop\n\n{json.dumps(OPEN)}")
    (tmp_path / "other.json").write_text('{"RecordType": "X"}')
    (tmp_path / "none.json").write_text('{"RecordType": "Bounce", "Type": "Transient"}')
    return tmp_path


def test_webhooks_are_listed_with_their_addresses_and_without_secrets() -> None:
    listed = json.loads(run("hook", "list", "--json").stdout)
    assert listed[0] == {
        "provider": "postmark",
        "source": "shop",
        "tenant": "main",
        "label": "mails of the shop",
        "secrets": 1,
        "options": [],
        "url": "https://touch.example.org/v1/hooks/postmark/shop",
    }
    assert "s3cret" not in run("hook", "list").stdout + json.dumps(listed)
    assert run("hook", "url", "desk").stdout == "https://touch.example.org/v1/hooks/generic/desk\n"


def test_without_a_file_nothing_is_listed(folder: Path) -> None:
    (folder / "hooks.toml").unlink()
    assert "No webhooks" in run("hook", "list").stdout
    assert json.loads(run("hook", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "source"),
    [
        (["body.json", "--source", "shop"], "mails of the shop"),
        (["kept"], "mails of the shop"),
        (["body.json", "--provider", "postmark"], "trial"),
    ],
)
def test_a_request_is_tried(folder: Path, arguments: list[str], source: str) -> None:
    done = run("hook", "try", str(folder / arguments[0]), *arguments[1:], "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["unmappable"]) == (0, "")
    (one,) = found["touches"]
    assert one["channel"] == "emails"
    assert (one["touch"]["type"], one["touch"]["source"]) == ("opened", source)
    assert json.loads(run("hook", "try", str(folder / arguments[0]), *arguments[1:]).stdout) == one


def test_a_mapping_is_tried_before_it_is_configured(folder: Path) -> None:
    (folder / "mine.toml").write_text(
        '[[touch]]\nchannel = "feedback"\n[touch.fields]\ntype = "\'given\'"\noccurred_at = "ReceivedAt"\n'
        'email = "Recipient"\n'
    )
    done = run("hook", "try", str(folder / "body.json"), "--mapping", str(folder / "mine.toml"), "--json")
    assert json.loads(done.stdout)["touches"][0]["touch"]["email"] == "ada@example.org"


@pytest.mark.parametrize(
    ("name", "code", "reported"),
    [("other.json", 1, "Cannot be mapped: a record of an unknown RecordType."), ("none.json", 0, "No touch:")],
)
def test_what_is_no_touch_is_reported(folder: Path, name: str, code: int, reported: str) -> None:
    done = run("hook", "try", str(folder / name), "--source", "shop")
    assert (done.exit_code, done.stdout) == (code, "")
    assert reported in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["try", "missing"], "missing cannot be used", 1),
        (["try", "body.json"], "The file is a bare body: say with --source or --provider", WRONG_USE),
        (["try", "body.json", "--source", "x"], "There is no webhook x in the file", 1),
        (["try", "body.json", "--provider", "x"], "--provider 'x': there are ", WRONG_USE),
        (["try", "body.json", "--mapping", "x"], "x: line 1: mapping: name a file", 1),
        (["url", "x"], "There is no webhook x in the file", 1),
        (["url", "shop", "--provider", "ses"], "There is no webhook ses/shop in the file", 1),
    ],
)
def test_errors_are_sentences(folder: Path, arguments: list[str], sentence: str, code: int) -> None:
    words = [str(folder / word) if word.endswith(".json") else word for word in arguments]
    error = run("hook", *words).exception
    assert isinstance(error, CliError), error
    assert sentence in str(error)
    assert error.code == code
