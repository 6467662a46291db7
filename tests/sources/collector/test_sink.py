"""The errors of a sink, as an endpoint reads them."""

from sources.collector.sink import RecordsTooLarge, SinkUnavailable


def test_an_unavailable_sink_says_why_and_when_to_retry() -> None:
    error = SinkUnavailable("Kafka does not answer.", retry_after_s=3)
    assert (str(error), error.retry_after_s) == ("Kafka does not answer.", 3)


def test_too_large_records_are_named_by_position() -> None:
    error = RecordsTooLarge([1, 4])
    assert error.positions == (1, 4)
    assert "2 records" in str(error)
