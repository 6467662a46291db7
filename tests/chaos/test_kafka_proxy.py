"""The proxy before Kafka, with a plain socket in place of Kafka."""

import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

import pytest

from deploy.ports import LOOPBACK
from tests.chaos.kafka_proxy import FETCH, KafkaProxy
from tests.chaos.loop import LoopThread
from tests.journeys.waiting import wait_for

PATIENCE_S = 60.0


@pytest.fixture
def proxy() -> Iterator[KafkaProxy]:
    thread = LoopThread()
    proxy = KafkaProxy(thread)
    proxy.start()
    yield proxy
    thread.stop()


@pytest.fixture
def broker(proxy: KafkaProxy) -> Iterator[socket.socket]:
    """A listening socket in place of Kafka."""
    with socket.create_server((LOOPBACK, proxy.upstream_port)) as listening:
        listening.settimeout(PATIENCE_S)
        yield listening


class Pair:
    """Both ends of a connection through the proxy."""

    def __init__(self, proxy: KafkaProxy, broker: socket.socket, stack: ExitStack) -> None:
        self.client = stack.enter_context(socket.create_connection((LOOPBACK, proxy.port), PATIENCE_S))
        self.server = stack.enter_context(broker.accept()[0])
        self.server.settimeout(PATIENCE_S)
        self.client.sendall(hello := request(3, "worker"))  # after this the proxy has registered the pair
        receive(self.server, len(hello))


@pytest.fixture
def pair(proxy: KafkaProxy, broker: socket.socket) -> Iterator[Pair]:
    with ExitStack() as stack:
        yield Pair(proxy, broker, stack)


def request(api: int, client: str, body: bytes = b"body") -> bytes:
    rest = struct.pack(">hhih", api, 4, 7, len(client)) + client.encode() + body
    return struct.pack(">i", len(rest)) + rest


def receive(end: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := end.recv(size - len(found))):
        found += more
    return found


def is_cut(end: socket.socket) -> bool:
    """Return whether the other side closes the connection. Raises TimeoutError if nothing happens."""
    try:
        return end.recv(1) == b""
    except ConnectionError:
        return True


def test_bytes_are_passed_on_in_both_directions(pair: Pair) -> None:
    sent = request(3, "worker") + request(FETCH, "worker", b"x" * 100_000)
    pair.client.sendall(sent)
    assert receive(pair.server, len(sent)) == sent
    pair.server.sendall(b"answer")
    assert receive(pair.client, 6) == b"answer"


def test_cut_closes_connections_and_refuses_new_ones_for_a_while(
    proxy: KafkaProxy, pair: Pair, broker: socket.socket
) -> None:
    assert proxy.cut(Random(1), 1.0, away_s=3600) == 1
    assert pair.client.recv(1) == b""
    with socket.create_connection((LOOPBACK, proxy.port), PATIENCE_S) as again:
        assert is_cut(again)

    def gets_through() -> bool:
        with socket.create_connection((LOOPBACK, proxy.port), PATIENCE_S) as again:
            try:
                again.sendall(request(3, "worker"))
                broker.settimeout(0.2)
                broker.accept()[0].close()
            except OSError:
                return False
            return True

    proxy.cut(Random(1), 1.0, away_s=0.5)
    wait_for(gets_through, "the proxy to accept a connection")


def test_stalled_bytes_are_passed_on_later(proxy: KafkaProxy, pair: Pair) -> None:
    proxy.stall(True)
    sent = request(3, "worker")
    pair.client.sendall(sent)
    pair.server.settimeout(0.3)
    with pytest.raises(TimeoutError):
        pair.server.recv(1)
    proxy.stall(False)
    pair.server.settimeout(PATIENCE_S)
    assert receive(pair.server, len(sent)) == sent


def test_watch_is_set_by_the_nth_request_for_changelogs(proxy: KafkaProxy, pair: Pair) -> None:
    watch = proxy.watch_recovery(2)
    for api, client in ((FETCH, "worker"), (FETCH, "touchline-recovery"), (3, "touchline-recovery")):
        pair.client.sendall(request(api, client))
        receive(pair.server, len(request(api, client)))
    assert not watch.seen.is_set()
    pair.client.sendall(request(FETCH, "touchline-recovery"))
    assert watch.seen.wait(PATIENCE_S)
