"""The file that marks a Kafka node's folder as formatted and holds its cluster id."""

import re
from pathlib import Path

from deploy.atomic_file import replace_file

NAME = "cluster-id"
_ID = re.compile(rb"[A-Za-z0-9_-]{22}")  # 16 bytes in base64 without padding: org.apache.kafka.common.Uuid
_PROPERTY = b"cluster.id="  # in data/meta.properties, Kafka's own record


def read_cluster_id(folder: Path) -> str:
    """Return the cluster id of a formatted folder; '' if it is not formatted.

    If the file is damaged, Kafka's own record of the id is used. Raises ValueError if that is unreadable, too: the
    folder may hold data, which another formatting would remove.
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
    """Mark the folder as formatted. Raises OSError."""
    replace_file(folder / NAME, f"{cluster}\n".encode("ascii"))
