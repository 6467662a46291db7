import pytest

from deploy.kafka_probe import is_listening


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example", "nowhere.invalid"])
def test_a_name_that_cannot_exist_is_not_listening(name: str) -> None:
    assert not is_listening(f"{name}:9092", 0.5)
