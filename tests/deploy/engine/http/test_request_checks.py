"""Requests that violate HTTP are answered with 400."""

import socket
from base64 import b64encode

import pytest

from tests.deploy.engine.engine_processes import Engine

AS_READER = b"X-ClickHouse-User: reader\r\nX-ClickHouse-Key: r\r\n"


def raw(engine: Engine, head: bytes, body: bytes = b"") -> bytes:
    """Send bytes; return the whole answer."""
    with socket.create_connection(("127.0.0.1", engine.ready.port), timeout=60) as connection:
        connection.sendall(head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def head(path: bytes = b"/", method: bytes = b"POST", more: bytes = AS_READER) -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\nHost: x\r\n" + more


@pytest.mark.parametrize(
    ("request_head", "body"),
    [
        (head(b"/?query_id=a%0d%0aX-Evil:%201"), b"SELECT 1"),
        (head(b"/?query_id=a%0ab"), b"SELECT 1"),
        (head(b"/?query_id=%1b%5d0%3bx"), b"SELECT 1"),
        (head(b"/?query_id=%c2%9b31m"), b"SELECT 1"),
        (head(b"/?query_id=%e2%80%ae"), b"SELECT 1"),
        (head(b"/?query_id=" + b"a" * 300), b"SELECT 1"),
        (head(b"/?query=SELECT%201&query=SELECT%202"), b""),
        (head(b"/?user=reader&user=writer&password=r", more=b""), b"SELECT 1"),
        (head(b"/", b"PUT"), b"SELECT 1"),
        (head(b"/", b"DELETE"), b""),
        (head(b"/", b"OPTIONS"), b""),
        (head(b"/", b"PATCH"), b""),
        (head(more=b"X-ClickHouse-User: reader\r\nX-ClickHouse-Key: \xff\xfe\r\n"), b"SELECT 1"),
        (head(more=b"X-ClickHouse-User: \xff\r\n"), b"SELECT 1"),
        (head(more=b"Authorization: Basic " + b64encode(b"reader:\xff") + b"\r\n"), b"SELECT 1"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data\r\n"), b"x"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data; boundary=\r\n"), b"x"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data; boundary=b\r\n"), b"x"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data; boundary=b\r\n"),
         b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data; boundary=b\r\n"), b"--b\r\n\r\nx\r\n--b--\r\n"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data; boundary=b\r\n"),
         b"--b\r\nContent-Disposition: form-data; name=query\r\n\r\n\xff\xfe\r\n--b--\r\n"),
        (head(more=AS_READER + b"Content-Type: multipart/form-data; boundary=b\r\n"),
         b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: no\r\n\r\nx\r\n--b--\r\n"),
        (head(more=AS_READER + b"Content-Encoding: \x1b[31mgzip\r\n"), b"SELECT 1"),
        (head(b"/?a=%zz%"), b"SELECT \x00 1"),
        (head(more=AS_READER + b"X-Long: " + b"a" * 20_000 + b"\r\n"), b"SELECT 1"),
        (head(more=AS_READER + b"Transfer-Encoding: chunked\r\n"), b"zz\r\n"),
        (b"POST / HTTP/9.9\r\n", b""),
        (b"\x16\x03\x01\x02\x00\x01\r\n", b""),
    ],
)  # fmt: skip
def test_a_bad_request_is_answered_with_400(engine: Engine, request_head: bytes, body: bytes) -> None:
    logged = engine.log.stat().st_size
    answer = raw(engine, request_head, body)
    assert answer.partition(b"\r\n")[0].split(b" ")[1] == b"400"
    assert b"\r\nX-Evil" not in answer
    body = answer.partition(b"\r\n\r\n")[2]
    assert body
    assert all(sign.isprintable() or sign == "\n" for sign in body.decode())
    assert b"Traceback" not in engine.log.read_bytes()[logged:]


@pytest.mark.parametrize("name", [b"a\x1b]0;x", "a\u202eb".encode(), b"[/x]", b"a" * 5000, "\u009b31m".encode()])
def test_a_user_name_is_logged_short_and_printable(engine: Engine, name: bytes) -> None:
    before = engine.log.stat().st_size
    answer = raw(engine, head(more=b"X-ClickHouse-Key: x\r\nX-ClickHouse-User: " + name + b"\r\n"), b"SELECT 1")
    assert b" 400 " in answer[:20] or b" 403 " in answer[:20]
    assert len(answer) < 1000
    written = engine.log.read_bytes()[before:].decode()
    assert len(written) < 600
    assert all(line.isprintable() for line in written.split("\n"))


def test_a_head_request_has_no_body(engine: Engine) -> None:
    answer = raw(engine, head(b"/?query=SELECT%201", b"HEAD"))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")
