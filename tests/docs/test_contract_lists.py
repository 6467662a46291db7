"""The contract names every parameter and property that is read."""

from pathlib import Path
from re import findall
from typing import Final

import pytest

from schemas.channels import CHANNELS
from streams.enrichment.campaign import NETWORKS
from streams.enrichment.machine_opens import MACHINE_PROPERTIES

TEXT: Final = (Path(__file__).parents[2] / "docs" / "contract.md").read_text()
WORDS: Final = {word.lower().replace("_", "").replace(" ", "") for word in TEXT.split("`")}


def test_the_click_ids_are_named_in_their_order() -> None:
    table = TEXT.partition("| Parameter | Network and medium |")[2].partition("\n\n")[0]
    first_cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert findall("`([a-z_]+)`", " ".join(first_cells)) == list(NETWORKS)


@pytest.mark.parametrize("name", sorted(MACHINE_PROPERTIES - {"isprefetched"}))
def test_every_property_of_a_machines_open_is_named(name: str) -> None:
    assert name in WORDS


@pytest.mark.parametrize("flag", [flag for model in CHANNELS.values() for flag in model.MACHINE_FLAGS.values()])
def test_the_flags_of_machines_are_explained(flag: str) -> None:
    assert f"| `{flag}` |" in TEXT
