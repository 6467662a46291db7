"""The record of a request in the quarantine."""

from sources.collector.hook_services import QuarantinedRequest
from sources.collector.https_fetcher import HttpsFetcher
from touchline.collector.hooks import make_hook_services
from touchline.settings import read_settings


def test_a_request_is_a_record_of_the_quarantine() -> None:
    services = make_hook_services(read_settings(topic_prefix="t."))
    assert (dict(services.hooks), services.public_url) == ({}, "")
    assert isinstance(services.fetcher, HttpsFetcher)
    record = services.quarantine(QuarantinedRequest("hooks.acme.shop", 7, "why", b"POST", 1_769_851_800_000))
    assert (record.topic, record.key, record.value) == ("t.quarantine", b"hooks.acme.shop/0/7", b"POST")
    assert dict(record.headers) == {
        "reason": b"unmappable",
        "detail": b"why",
        "raw_topic": b"hooks.acme.shop",
        "raw_partition": b"0",
        "raw_offset": b"7",
        "received_at_ms": b"1769851800000",
    }
