"""The two ports of a server, and errors that name what to change: the public one, and that of `MetricsPage`."""

import socket

from sources.collector.server import listen
from touchline.errors import CliError
from touchline.serving.metrics_page import MetricsPage


def open_listener(server: str, host: str, port: int) -> socket.socket:
    """Return the socket at which a server, such as "API", listens. Raises CliError if the port is taken."""
    try:
        return listen(host, port)
    except OSError as error:
        raise CliError(
            f"The {server} cannot listen on {host}:{port} ({error.strerror}): choose another --port, or stop the "
            "program that uses it."
        ) from error


async def start_page(page: MetricsPage, server: str, setting: str, host: str, port: int) -> int:
    """Start a server's page on the port of a setting, and return the port. Raises CliError if it is taken."""
    try:
        return await page.start(host, port)
    except OSError as error:
        raise CliError(
            f"Port {port} for the {server}'s /metrics is taken ({error.strerror}): set {setting} to another one, or to "
            "0 for any free one."
        ) from error
