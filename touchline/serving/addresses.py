"""Addresses at which clients on this machine reach the servers of Touchline."""

from typing import Final

from deploy.ports import LOOPBACK
from touchline.settings import Settings

_ANY: Final = {"0.0.0.0": LOOPBACK, "::": "[::1]"}  # addresses to listen on, and one that reaches them


def collector_url(settings: Settings) -> str:
    """Return the address at which clients on this machine reach the collector."""
    return reachable_url(settings.collect_host, settings.collect_port, secure=settings.collect_cert is not None)


def reachable_url(host: str, port: int, *, secure: bool) -> str:
    """Return the address at which this machine reaches a server that listens on a host and port."""
    name = _ANY.get(host) or (f"[{host}]" if ":" in host else host)
    return f"{'https' if secure else 'http'}://{name}:{port}"
