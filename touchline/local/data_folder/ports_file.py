"""The ports of a data folder's parts, from one `touchline up` to the next: producers know them."""

import json
from pathlib import Path
from typing import Annotated, Final

import msgspec

from deploy.atomic_file import replace_file
from deploy.ports import free_port, is_free

NAME: Final = "ports.json"
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
_decode: Final = msgspec.json.Decoder(dict[str, Port]).decode


def port_for(folder: Path, part: str) -> int:
    """The port that a part of this folder had last time; another one if it never had any, or it is taken now.

    A damaged file is written anew: what it held can be chosen again. Raises OSError.
    """
    path = folder / NAME
    ports = read_ports(path)
    if not (part in ports and is_free(ports[part])):
        ports[part] = free_port()
        replace_file(path, json.dumps(ports).encode())
    return ports[part]


def read_ports(path: Path) -> dict[str, int]:
    """Ports by part; none where the file is missing or is not what this module writes."""
    try:
        return _decode(path.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
