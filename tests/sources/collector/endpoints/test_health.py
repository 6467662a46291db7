"""`/live` and `/ready` of a collector."""

from tests.sources.collector.running import running_collector


async def test_a_collector_is_live_and_ready() -> None:
    async with running_collector() as collector:
        for path in ("/live", "/ready"):
            reply = await collector.request("GET", path, key="")
            assert (reply.status, reply.body) == (200, b"ok\n")
            assert (await collector.request("HEAD", path, key="")).body == b""


async def test_without_its_sink_it_is_live_and_not_ready() -> None:
    async with running_collector() as collector:
        collector.sink.away = "Kafka does not answer at 127.0.0.1:9092"
        assert (await collector.request("GET", "/live", key="")).status == 200
        reply = await collector.request("GET", "/ready", key="")
        assert (reply.status, reply.body) == (503, b"Kafka does not answer at 127.0.0.1:9092\n")
