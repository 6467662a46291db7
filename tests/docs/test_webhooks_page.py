"""The guide to webhooks: its table has every adapter."""

import re

from sources.hooks import PROVIDERS
from sources.hooks.toml_mapping import SHIPPED
from tests.house.files import ROOT

TEXT = (ROOT / "docs/guides/webhooks.md").read_text(encoding="utf-8")


def test_every_provider_has_a_row() -> None:
    table = TEXT.partition("## Providers")[2].partition("## Any other")[0]
    rows = {name: row for row in table.splitlines() for name in re.findall(r"^\| `(\w+)`", row)}
    assert set(rows) == set(PROVIDERS)
    assert {name for name in PROVIDERS if "public_url" in rows[name]} == {
        name for name, provider in PROVIDERS.items() if provider.signs_url
    }


def test_every_shipped_mapping_is_named() -> None:
    assert all(f"`{name}`" in TEXT for name in SHIPPED)
