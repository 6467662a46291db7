"""The files of the dashboards: written by this code, and what Grafana expects of them."""

import json
import re
from itertools import combinations
from typing import Any

import pytest

from deploy.grafana.__main__ import BOARDS, FOLDER, json_of

FILES = sorted(FOLDER.glob("*.json"))


def panels(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in content["panels"] if panel["type"] != "row"]


@pytest.mark.parametrize("make", BOARDS, ids=[make.__name__ for make in BOARDS])
def test_the_files_are_those_of_the_code(make: Any) -> None:
    board = make()
    file = FOLDER / f"{board.build().uid}.json"
    assert file.read_text("utf-8") == json_of(board), "run python -m deploy.grafana"


def test_there_is_no_other_file() -> None:
    assert len(FILES) == len(BOARDS) == 5


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_can_be_provisioned(file: Any) -> None:
    content = json.loads(file.read_text("utf-8"))
    assert content["uid"] == file.stem
    assert content["schemaVersion"] >= 36
    numbers = [panel["id"] for panel in content["panels"]]
    assert len(numbers) == len(set(numbers))
    for panel in panels(content):
        assert isinstance(panel["options"], dict)
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert [target["refId"] for target in panel["targets"]] == ["A", "B"][: len(panel["targets"])]
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {panel["datasource"]["uid"]}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_panels_lie_side_by_side(file: Any) -> None:
    places = [panel["gridPos"] for panel in json.loads(file.read_text("utf-8"))["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_no_panel_shows_who_somebody_is(file: Any) -> None:
    personal = re.compile(r"\b(identifier|folded_into|traits|ip|email|phone|original|subject|title|url)\b")
    for panel in panels(json.loads(file.read_text("utf-8"))):
        for target in panel["targets"]:
            assert personal.search(target.get("rawSql", "")) is None
