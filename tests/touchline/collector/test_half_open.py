"""10,000 clients that send half a request and wait: others are served, memory is bounded, and all of them end."""

import re
import resource
import socket
from pathlib import Path

import pytest

from deploy.ports import free_port
from tests.touchline.collector.collecting import LISTENING, collecting, send

CLIENTS = 10_000
SPARE_FILES = 500
MOST_BYTES_A_CLIENT = 20_000  # measured: 13 kB with half a body, 8 kB with half a head
HALVES = {
    "head": b"POST /v1/touches HTTP/1.1\r\nHost: a\r\nX-Filler: " + b"x" * 500,
    "body": b"POST /v1/touches HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + b" " * 1_000,
}


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process, by Linux's /proc."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def count(page: bytes, metric: str) -> float:
    found = re.search(rf"^{re.escape(metric)} (\S+)$", page.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.fixture
def many_files() -> None:
    """Allow this process as many open files as there are clients."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CLIENTS + SPARE_FILES:
        pytest.skip(f"{CLIENTS} clients need {CLIENTS + SPARE_FILES} open files, and the limit is {hard}")
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, CLIENTS + SPARE_FILES), hard))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory is read from Linux's /proc")
@pytest.mark.parametrize("half", HALVES)
def test_half_open_clients(half: str, tmp_path: Path, many_files: None) -> None:
    with collecting(tmp_path, KAFKA=f"127.0.0.1:{free_port()}") as collector:
        address = collector.read_until(LISTENING.pattern)[1]
        metrics = collector.read_until(r"metrics at (\S+)")[1]
        port = int(address.rpartition(":")[2])
        before = resident_bytes(collector.process.pid)
        clients = []
        try:
            for _ in range(CLIENTS):
                client = socket.create_connection(("127.0.0.1", port))
                client.send(HALVES[half])
                clients.append(client)
            assert send(f"{address}/live")[0] == 200
            used = resident_bytes(collector.process.pid) - before
            print(f"{CLIENTS} clients with half a {half}: {used / 1e6:.0f} MB more than {before / 1e6:.0f} MB")
            assert used < CLIENTS * MOST_BYTES_A_CLIENT
            while True:
                page = send(metrics)[2]
                if count(page, 'touchline_collector_refused_total{reason="too_slow"}') == CLIENTS:
                    break
            assert send(f"{address}/live")[0] == 200
            assert all(client.recv(100).startswith(b"HTTP/1.1 408") for client in clients)
        finally:
            for client in clients:
                client.close()
        assert collector.stop() == -15
