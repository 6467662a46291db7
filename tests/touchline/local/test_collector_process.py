"""Ports and address of the collector of a local system; the process itself runs in tests/journeys/test_up.py."""

from pathlib import Path

import pytest

from touchline.local.collector_process import collector_url, with_collector_ports
from touchline.settings import read_settings


def test_the_folder_keeps_its_ports(folder: Path) -> None:
    first = with_collector_ports(read_settings())
    assert first.collect_port != first.collect_metrics_port
    again = with_collector_ports(read_settings())
    assert (again.collect_port, again.collect_metrics_port) == (first.collect_port, first.collect_metrics_port)


def test_a_port_that_is_set_is_used(folder: Path) -> None:
    assert with_collector_ports(read_settings(collect_port=8801)).collect_port == 8801


@pytest.mark.parametrize(
    ("host", "cert", "url"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:8800"),
        ("0.0.0.0", None, "http://127.0.0.1:8800"),
        ("::", None, "http://[::1]:8800"),
        ("fd00::1", None, "http://[fd00::1]:8800"),
        ("collect.example.org", "cert.pem", "https://collect.example.org:8800"),
    ],
)
def test_the_address_reaches_the_collector_from_this_machine(host: str, cert: str | None, url: str) -> None:
    assert collector_url(read_settings(collect_host=host, collect_cert=cert, collect_port=8800)) == url
