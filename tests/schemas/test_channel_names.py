"""No product module names a channel, outside the channel's own file and the exceptions below."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from schemas.channels import CHANNELS

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("schemas", "streams", "sinks", "dashboards", "deploy", "touchline", "sources")
CHANNEL_FILES: Final = "schemas/channels/"
WORDS: Final = {*CHANNELS, *(model.__name__ for model in CHANNELS.values())}
EXCEPTIONS: Final = {
    "sources/access_logs/importer.py": "an access log records visits of a site",
    "sources/call_log.py": "the log of one call centre",
    "sources/mail_log.py": "a log of senders and receivers of mails",
    "sources/mailboxes/mail_touches.py": "a mailbox has mails",
    "sources/collector/endpoints/pixel.py": "a picture in a page records visits of a site",
    "sources/hooks/": "maps each message of a provider to its channel",
    "sources/sdks/": "maps each event of an SDK to its channel",
    "sources/presets/": "exports of mail providers and telephone systems",
    "dashboards/answers/call_service_levels.py": "the figures of a call centre",
    "dashboards/answers/campaigns.py": "campaigns bring visits",
    "dashboards/pages/service.py": "the figures of a call centre",
    "dashboards/pages/overview/": "the figures of a call centre, among others",
    "deploy/grafana/boards/": "panels of consents, calls and feedback",
    "dashboards/answers/next_step.py": "the next step is a call or a mail",
    "dashboards/answers/waiting.py": "who waits for an answer to a call or in a ticket",
    "touchline/cli/imports/files.py": "the commands that import these three kinds of logs",
    "touchline/demo/feed.py": "invents touches of the demo's site",
    "touchline/demo/made_up_people.py": "joins the people of the three recordings",
    "touchline/demo/recordings.py": "reads the three recordings",
}
"""Modules and folders that are of certain channels by nature, with the reason."""
HOMONYMS: Final = {
    "messages": "records to Kafka",
    "tickets": "offsets that are waited for, in the offset tracker",
    "Ticket": "one of these",
    "Call": "a request to the engine",
    "groups": "consumer groups, and groups of a pattern",
    "Group": "a command with commands of its own, and what rich shows together",
}
"""Identifiers that mean something else in the product. Imports and string literals are checked for them, too."""


def find_names(source: str) -> Iterator[str]:
    """Yield every name of a channel or of its model: in identifiers, imports and string literals."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if text in WORDS:
                yield text
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases if alias.name.startswith("schemas.channels."))
            case ast.ImportFrom(module=str(module), names=aliases) if module.startswith("schemas.channels"):
                yield from (alias.name for alias in aliases if module != "schemas.channels" or alias.name in WORDS)
            case ast.alias():  # of the imports above
                pass
            case _:
                yield from _in_identifier(node)


def _in_identifier(node: ast.AST) -> Iterator[str]:
    for field in ("id", "attr", "arg", "name"):
        identifier = getattr(node, field, None)
        if isinstance(identifier, str):
            parts = re.findall(r"[A-Z]?[a-z0-9]+", identifier)
            yield from (part for part in parts if part in WORDS - HOMONYMS.keys())


def product_files() -> Iterator[str]:
    for package in PACKAGES:
        yield from (str(path.relative_to(ROOT)) for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_names_a_channel(package: str) -> None:
    """Declarations and rules determine what happens to a touch, never its channel's name."""
    allowed = (CHANNEL_FILES, *EXCEPTIONS)
    found = {
        file: names
        for file in product_files()
        if file.startswith(f"{package}/") and not file.startswith(allowed)
        if (names := sorted(set(find_names((ROOT / file).read_text()))))
    }
    assert found == {}


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_every_exception_is_needed(exception: str) -> None:
    files = [file for file in product_files() if file.startswith(exception)]
    assert any(set(find_names((ROOT / file).read_text())) for file in files)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("channel == 'visits'", ["visits"]),
        ("match channel:\n    case 'calls': pass", ["calls"]),
        ("'all visits'", []),
        ("from schemas.channels.emails import EmailEvent", ["EmailEvent"]),
        ("from schemas.channels import emails", ["emails"]),
        ("from schemas.channels import CHANNELS", []),
        ("import schemas.channels.calls as c", ["schemas.channels.calls"]),
        ("isinstance(touch, Visit)", ["Visit"]),
        ("isinstance(touch, PlainEmail)", ["Email"]),
        ("structs.Email()", ["Email"]),
        ("count.visits += 1", ["visits"]),
        ("def read_visits(emails): pass", ["visits", "emails"]),
        ("class FastVisit: pass", ["Visit"]),
        ("email = message.email", []),
        ("Call(messages)", []),
    ],
)
def test_search(source: str, found: list[str]) -> None:
    assert list(find_names(source)) == found
