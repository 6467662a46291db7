"""Pages of a collector for operators."""

import aiohttp

from deploy.ports import LOOPBACK
from sources.collector.endpoints.health import why_not_ready
from tests.sources.collector.running import make_services
from touchline.serving.metrics_page import MetricsPage


async def test_pages_of_a_collector() -> None:
    services, sink = make_services()
    services.metrics.touches["visits", "accepted"] += 5
    page = MetricsPage(services.metrics.registry, lambda: why_not_ready(services))
    address = f"http://{LOOPBACK}:{await page.start(LOOPBACK, 0)}"
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{address}/metrics") as answer:
                assert (
                    'touchline_collector_touches_total{channel="visits",result="accepted"} 5.0' in await answer.text()
                )
            async with session.get(f"{address}/live") as answer:
                assert (answer.status, await answer.text()) == (200, "ok\n")
            async with session.get(f"{address}/ready") as answer:
                assert (answer.status, await answer.text()) == (200, "ok\n")
            sink.away = "Kafka does not answer"
            async with session.get(f"{address}/ready") as answer:
                assert (answer.status, await answer.text()) == (503, "Kafka does not answer\n")
    finally:
        await page.stop()
