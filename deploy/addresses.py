"""Addresses of servers in the form host:port."""

import re

_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?\]|[^\s:/@\[\],]+):([0-9]{1,5})")


def read_address(server: str) -> tuple[str, int]:
    """Return host and port of `host:port`; an IPv6 address is in brackets. Raises `ValueError`."""
    match = _ADDRESS.fullmatch(server.strip())
    if match is None or not 1 <= int(match[2]) <= 65535:
        raise ValueError(f"{server!r} is not an address: write host:port")
    return match[1].strip("[]"), int(match[2])
