"""Findings as plain values."""

from touchline.ops.doctor.findings import Finding


def test_the_keys_in_json_are_a_contract() -> None:
    assert Finding("Kafka", False, "does not answer").as_dict() == {
        "what": "Kafka",
        "ok": False,
        "said": "does not answer",
    }
