"""Ports, address and login of the API of a local system; its process runs in tests/journeys/test_up_collector.py."""

import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from dashboards.api.security.sessions import Sessions
from touchline.api.secret import serve_secret
from touchline.local.api_process import api_url, login_link, with_api_ports
from touchline.settings import read_settings


def test_the_folder_keeps_its_ports(folder: Path) -> None:
    first, again = with_api_ports(read_settings()), with_api_ports(read_settings())
    assert first.serve_port != first.serve_metrics_port
    assert (again.serve_port, again.serve_metrics_port) == (first.serve_port, first.serve_metrics_port)
    assert with_api_ports(read_settings(serve_port=8901)).serve_port == 8901


def test_port_0_is_a_port_of_the_folder(folder: Path) -> None:
    own = with_api_ports(read_settings())
    found = with_api_ports(read_settings(serve_port=0, serve_metrics_port=0))
    assert (found.serve_port, found.serve_metrics_port) == (own.serve_port, own.serve_metrics_port)
    assert api_url(found) == f"http://127.0.0.1:{own.serve_port}"


def test_the_address_reaches_the_api_from_this_machine() -> None:
    assert api_url(read_settings(serve_host="0.0.0.0", serve_port=1)) == "http://127.0.0.1:1"
    assert api_url(read_settings(serve_cert="cert.pem", serve_port=1)) == "https://127.0.0.1:1"


def test_the_link_is_valid_at_the_api(folder: Path) -> None:
    link = urlsplit(login_link(read_settings(), "http://h:1"))
    assert (link.netloc, link.path) == ("h:1", "/login/once")
    sessions = Sessions(serve_secret(read_settings()), 0)
    assert sessions.redeem(parse_qs(link.query)["code"][0], time.time_ns() // 1_000_000) == "main"
