"""The contract names every parameter and property that is read."""

from pathlib import Path
from typing import Final

import pytest

from streams.fold.campaign import NETWORKS
from streams.fold.machine_opens import FLAGS, SAYS_SO

TEXT: Final = (Path(__file__).parents[2] / "docs" / "contract.md").read_text()
WORDS: Final = {word.lower().replace("_", "").replace(" ", "") for word in TEXT.split("`")}


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_click_id_is_named(kind: str) -> None:
    assert f"`{kind}`" in TEXT


@pytest.mark.parametrize("name", sorted(SAYS_SO - {"isprefetched"}))
def test_every_property_of_a_machines_open_is_named(name: str) -> None:
    assert name in WORDS


@pytest.mark.parametrize("flag", FLAGS.values())
def test_the_flags_of_machines_are_explained(flag: str) -> None:
    assert f"| `{flag}` |" in TEXT
