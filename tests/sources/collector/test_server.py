"""The server: starts on a socket of ours, finishes what is in flight when it stops, and serves TLS."""

import asyncio
import datetime
import socket
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sources.collector.access_log import AccessLog
from sources.collector.server import check_certificate, listen, make_server
from tests.sources.collector.running import make_services, parse_reply, running_collector, wait_until

TOUCH = {"type": "page", "occurred_at": "2026-11-30T10:00:00Z", "url": "https://a.example/"}
LIVE = b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def test_requests_in_flight_are_finished_before_the_services_close() -> None:
    async with running_collector() as collector:
        collector.sink.gate = asyncio.Event()
        sending = asyncio.create_task(collector.post("/v1/touches?channel=visits", TOUCH))
        await collector.sink.asked.wait()
        collector.server.should_exit = True
        await connect_until_refused(collector.port)
        assert not sending.done()
        assert collector.closed == []
        collector.sink.gate.set()
        assert (await sending).status == 200
    assert collector.closed == ["closed"]
    assert len(collector.sink.records) == 1


async def connect_until_refused(port: int) -> None:
    """Wait until the server takes no new connections."""
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                return
            except ConnectionResetError:  # was waiting to be accepted when the listener closed
                continue
            writer.close()


def test_a_taken_port_is_an_error_that_names_the_reason() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", first.getsockname()[1])


@pytest.mark.skipif(not socket.has_ipv6, reason="the machine has no IPv6")
def test_an_address_of_ipv6_is_listened_on() -> None:
    with listen("::1", 0) as listener:
        assert listener.family is socket.AF_INET6


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that it signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "collector.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert, private


async def test_tls_is_served(certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    check_certificate(cert, key)
    services, _ = make_services()

    async def close() -> None:
        pass

    server = make_server(services, AccessLog(None), close, cert=cert, key=key)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.listening.wait()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=ssl.create_default_context(cafile=str(cert)))
    writer.write(LIVE)
    assert parse_reply(await reader.read()).status == 200
    writer.close()
    server.should_exit = True
    await serving


def test_a_certificate_that_cannot_be_used_is_an_error(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    _, key = certificate
    with pytest.raises(ssl.SSLError):
        check_certificate(key, key)
    with pytest.raises(FileNotFoundError):
        check_certificate(tmp_path / "missing.pem", key)


async def test_an_answer_is_sent_without_a_wait_for_more() -> None:
    async with running_collector() as collector:
        _, writer = await collector.connect()
        await wait_until(lambda: collector.server.server_state.connections)
        (connection,) = collector.server.server_state.connections
        accepted = cast(Any, connection).transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()
