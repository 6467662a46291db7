"""Services by settings, and settings that cannot be used."""

from pathlib import Path

import pytest

from tests.dashboards.api.running import TokenList
from touchline.api.services import hosts_of, make_services, now_ms
from touchline.errors import CliError
from touchline.settings import read_settings

URL = "http://w:p@127.0.0.1:1/touchline"


async def test_services_of_settings(tmp_path: Path) -> None:
    settings = read_settings(data=str(tmp_path), clickhouse=URL, phone_region="DE", serve_zone="Europe/Berlin")
    services = make_services(settings, TokenList())
    assert (services.phone_region, services.zone) == ("DE", "Europe/Berlin")
    assert services.half_life_ms > 0
    assert "form" in {rule.name for rule in services.rules}
    assert abs(services.now_ms() - now_ms()) < 3_600_000
    await services.reader.close()


def test_without_clickhouse_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="No ClickHouse"):
        make_services(read_settings(data=str(tmp_path)), TokenList())
    with pytest.raises(CliError, match="TOUCHLINE_SERVE_CLICKHOUSE: a ClickHouse address"):
        make_services(read_settings(data=str(tmp_path), serve_clickhouse="ftp://x"), TokenList())


def test_names_of_the_api() -> None:
    assert "localhost" in hosts_of(read_settings())
    assert hosts_of(read_settings(serve_host="0.0.0.0")) == frozenset()
    assert hosts_of(read_settings(serve_hosts="Stats.Example,")) == {"stats.example"}
