"""The ports of a data folder's parts. They stay the same at each start, because producers have them configured."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import msgspec

from deploy.atomic_file import replace_file
from deploy.ports import free_port, is_free

NAME: Final = "ports.json"
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
_decode: Final = msgspec.json.Decoder(dict[str, Port]).decode


def port_for(folder: Path, part: str, notify: Callable[[str], None] = lambda line: None) -> int:
    """Return the last port of a part of this folder, or a free one if it had none or another program uses it.

    In the second case `notify` is called with a sentence for those who have the old address. A damaged file is written
    anew with new ports. Raises OSError.
    """
    path = folder / NAME
    ports = read_ports(path)
    last = ports.get(part)
    if last is None or not is_free(last):
        ports[part] = free_port()
        replace_file(path, json.dumps(ports).encode())
        if last is not None:
            notify(f"Another program uses port {last}: {part} moves to {ports[part]}. Change it in its clients.")
    return ports[part]


def read_ports(path: Path) -> dict[str, int]:
    """Return ports by part; none if the file is missing or damaged."""
    try:
        return _decode(path.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
