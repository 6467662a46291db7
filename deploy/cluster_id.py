"""The file that says that a Kafka node's folder is formatted, and with which cluster id."""

import re
from pathlib import Path

from deploy.atomic_file import replace_file

NAME = "cluster-id"
_ID = re.compile(rb"[A-Za-z0-9_-]{22}")  # 16 bytes in base64 without padding: org.apache.kafka.common.Uuid
_PROPERTY = b"cluster.id="  # in data/meta.properties, Kafka's own record


def read_cluster_id(folder: Path) -> str:
    """The id that a finished formatting left in a node's folder; '' if there is none.

    Where the file is damaged, Kafka's own record of the id counts. Raises ValueError where that is of no help either:
    the folder may hold data, which another formatting would remove.
    """
    path = folder / NAME
    if not path.exists():
        return ""
    properties = folder / "data" / "meta.properties"
    lines = properties.read_bytes().splitlines() if properties.exists() else []
    recorded = [line.removeprefix(_PROPERTY) for line in lines if line.startswith(_PROPERTY)]
    for text in (path.read_bytes().strip(), *recorded):
        if _ID.fullmatch(text):
            return text.decode("ascii")
    raise ValueError(
        f"{path} is damaged, and {properties} names no cluster.id: restore one of them from a backup, or choose "
        "another folder"
    )


def write_cluster_id(folder: Path, cluster: str) -> None:
    """Say that the formatting is finished. Raises OSError."""
    replace_file(folder / NAME, f"{cluster}\n".encode("ascii"))
