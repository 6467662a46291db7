"""Ports of the collector of a local system; the process itself runs in tests/journeys/test_up.py."""

from pathlib import Path

from touchline.local.collector_process import with_collector_ports
from touchline.serving.addresses import collector_url
from touchline.settings import read_settings


def test_the_folder_keeps_its_ports(folder: Path) -> None:
    first = with_collector_ports(read_settings())
    assert first.collect_port != first.collect_metrics_port
    again = with_collector_ports(read_settings())
    assert (again.collect_port, again.collect_metrics_port) == (first.collect_port, first.collect_metrics_port)


def test_a_port_that_is_set_is_used(folder: Path) -> None:
    assert with_collector_ports(read_settings(collect_port=8801)).collect_port == 8801


def test_port_0_is_a_port_of_the_folder(folder: Path) -> None:
    own = with_collector_ports(read_settings())
    found = with_collector_ports(read_settings(collect_port=0, collect_metrics_port=0))
    assert (found.collect_port, found.collect_metrics_port) == (own.collect_port, own.collect_metrics_port)
    assert collector_url(found) == f"http://127.0.0.1:{own.collect_port}"
