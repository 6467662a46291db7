"""Ports of the collector of a local system; the process itself runs in tests/journeys/test_up.py."""

from pathlib import Path

from touchline.local.collector_process import with_collector_ports
from touchline.settings import read_settings


def test_the_folder_keeps_its_ports(folder: Path) -> None:
    first = with_collector_ports(read_settings())
    assert first.collect_port != first.collect_metrics_port
    again = with_collector_ports(read_settings())
    assert (again.collect_port, again.collect_metrics_port) == (first.collect_port, first.collect_metrics_port)


def test_a_port_that_is_set_is_used(folder: Path) -> None:
    assert with_collector_ports(read_settings(collect_port=8801)).collect_port == 8801
