"""Samples of a page of metrics."""

from touchline.ops.status import read_metrics


def test_metrics_are_summed_over_labels_and_by_result(port: int) -> None:
    found = read_metrics(port)
    assert found["touchline_touches_total"] == 5
    assert found["touchline_touches_total/new"] == 3
    assert found["touchline_batch_records_sum/engage"] == 40
    assert found["touchline_state_keys/states"] == 11
