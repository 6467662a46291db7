"""Metrics of requests and of the reader's state."""

from prometheus_client import generate_latest

from dashboards.api.guard import Answered
from dashboards.api.metrics import ApiMetrics
from dashboards.api.reader.async_clickhouse import Server
from dashboards.live.audience import Audience
from tests.dashboards.api.running import make_services
from tests.dashboards.live.watching import Watched


async def test_what_is_counted(server: Server) -> None:
    services = make_services(server, lambda: 1, 1)
    metrics = ApiMetrics(services.reader)
    metrics.count(Answered(1, "GET", "/v1/top", 200, 0.02, 10, ""))
    metrics.connections.count_refusal("too_slow")
    text = generate_latest(metrics.registry).decode()
    assert 'touchline_api_requests_total{route="/v1/top",status="200"} 1.0' in text
    assert 'touchline_api_questions_running{lane="fast"} 0.0' in text
    assert "touchline_api_connections_refused 1.0" in text
    assert "touchline_api_clickhouse_away 0.0" in text
    assert "touchline_api_live_viewers 0.0" in text


async def test_streams_are_counted_and_their_length_is_no_answer_time(server: Server) -> None:
    watched = Watched()
    metrics = ApiMetrics(make_services(server, lambda: 1, 1).reader, watched.hub)
    watched.hub.subscribe("main", Audience.CLEAR)
    metrics.count(Answered(1, "GET", "/v1/live", 200, 3_600.0, 10, ""))
    metrics.connections.count_refusal("too_slow")
    text = generate_latest(metrics.registry).decode()
    assert "touchline_api_live_viewers 1.0" in text
    assert 'touchline_api_requests_total{route="/v1/live",status="200"} 1.0' in text
    assert "touchline_api_request_seconds_count 0.0" in text
