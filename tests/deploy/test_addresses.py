import pytest

from deploy.addresses import read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9092", ("127.0.0.1", 9092)),
        (" kafka.example.com:1 ", ("kafka.example.com", 1)),
        ("kafka_1:65535", ("kafka_1", 65535)),
        ("[::1]:9092", ("::1", 9092)),
        ("[fe80::1%eth0]:9092", ("fe80::1%eth0", 9092)),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, address: tuple[str, int]) -> None:
    assert read_address(text) == address


WRONG = [
    "",
    "nohost",
    "host:",
    ":9092",
    "host:port",
    "host:0",
    "host:65536",
    "host:999999999999",
    "host:-1",
    "host:+1",
    "host:1_0",
    "host:٩",
    "::1:9092",
    "http://host:9092",
    "user@host:9092",
    "host:9092/topic",
    "two hosts:9092",
    "a:1,b:2",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an address: write host:port"):
        read_address(text)
