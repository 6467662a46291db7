"""Taken ports, and the setting that an error names."""

import socket

import pytest
from prometheus_client import CollectorRegistry

from touchline.errors import CliError
from touchline.serving.metrics_page import MetricsPage
from touchline.serving.ports import open_listener, start_page


async def test_a_taken_port_is_named_with_what_to_change() -> None:
    with open_listener("API", "127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CliError, match=f"The API cannot listen on 127.0.0.1:{port} .*--port"):
            open_listener("API", "127.0.0.1", port)
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        page = MetricsPage(CollectorRegistry(), lambda: None)
        with pytest.raises(
            CliError, match=f"Port {port} for the API's /metrics is taken .*TOUCHLINE_SERVE_METRICS_PORT"
        ):
            await start_page(page, "API", "TOUCHLINE_SERVE_METRICS_PORT", "127.0.0.1", port)
        await page.stop()
