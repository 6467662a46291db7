"""`python -m deploy.grafana`: writes the dashboards as JSON."""

import json
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.boards.customers import customers
from deploy.grafana.boards.data_quality import data_quality
from deploy.grafana.boards.engagement import engagement
from deploy.grafana.boards.operations import operations
from deploy.grafana.boards.service import service

FOLDER: Final = Path(__file__).with_name("dashboards")
BOARDS: Final = (engagement, customers, service, operations, data_quality)


def json_of(board: Dashboard) -> str:
    """Return the file that Grafana reads, one id a panel and no empty options."""
    content = json.loads(JSONEncoder(sort_keys=True).encode(board.build()))
    for number, panel in enumerate(content["panels"], 1):
        panel["id"] = number
        if panel["type"] != "row" and panel.get("options") is None:  # the SDK writes null, which panels do not expect
            panel["options"] = {}
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def write() -> None:
    """Write one file per dashboard, named after its uid."""
    FOLDER.mkdir(exist_ok=True)
    for make in BOARDS:
        board = make()
        (FOLDER / f"{board.build().uid}.json").write_text(json_of(board), encoding="utf-8")


if __name__ == "__main__":
    write()
