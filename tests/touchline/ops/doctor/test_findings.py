"""Findings as plain values."""

from touchline.ops.doctor.findings import Finding


def test_keys_of_findings_in_json() -> None:
    assert Finding("Kafka", "PROBLEM", "does not answer").as_dict() == {
        "what": "Kafka",
        "result": "PROBLEM",
        "detail": "does not answer",
    }
