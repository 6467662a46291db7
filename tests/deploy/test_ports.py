"""Free and taken ports are distinguished."""

import socket

import pytest

from deploy.ports import LOOPBACK, free_port, is_free


def test_a_free_port_can_be_listened_on() -> None:
    port = free_port()
    with socket.create_server((LOOPBACK, port)) as server:
        assert server.getsockname() == (LOOPBACK, port)


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


def test_a_port_with_a_connection_still_closing_is_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection((LOOPBACK, port))
        accepted, _ = server.accept()
        accepted.close()  # this side first: its port is then in TIME_WAIT
        client.close()
    assert is_free(port)


@pytest.mark.parametrize("port", [-1, 65_536, 99_999, 2**40])
def test_a_number_that_is_no_port_is_not_free(port: int) -> None:
    assert not is_free(port)
