"""The address of the collector for clients on this machine."""

import pytest

from touchline.serving.addresses import collector_url
from touchline.settings import read_settings


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
