"""Native as a client with a revision expects it: the bytes of each block."""

import gzip

import pytest

from deploy.engine.native.blocks import framed
from tests.deploy.engine.engine_processes import Engine
from tests.deploy.engine.http.http_requests import ask

INFO = b"\x01\x00\x02\xff\xff\xff\xff\x00"
REVISION = {"client_protocol_version": "54460", "default_format": "Native"}


def test_each_block_has_a_header_and_each_column_a_byte() -> None:
    one = b"\x02\x01\x01a\x05UInt8\x07\x01b\x06String\x02hi"
    expected = INFO + b"\x02\x01\x01a\x05UInt8\x00\x07\x01b\x06String\x00\x02hi"
    assert framed(one * 3, 54460) == expected * 3


def test_a_block_without_rows_has_no_data() -> None:
    assert framed(b"\x01\x00\x01a\x05UInt8", 54454) == INFO + b"\x01\x00\x01a\x05UInt8\x00"
    assert framed(b"", 54454) == b""


@pytest.mark.parametrize("revision", [0, 54405])
def test_former_revisions_get_plain_blocks(revision: int) -> None:
    assert framed(b"\x01\x01\x01a\x05UInt8\x07", revision) == b"\x01\x01\x01a\x05UInt8\x07"


def test_the_server_frames_what_a_client_with_a_revision_asks(engine: Engine) -> None:
    plain = ask(engine, body="SELECT 'x' AS a, [1, 2] AS b FORMAT Native").data
    answer = ask(engine, body="SELECT 'x' AS a, [1, 2] AS b", fields=None, path=query(REVISION))
    assert answer.data == framed(plain, 54460) != plain
    assert answer.headers["X-ClickHouse-Format"] == "Native"


def test_other_formats_stay_as_they_are(engine: Engine) -> None:
    assert ask(engine, body="SELECT 1 FORMAT TSV", path=query(REVISION)).data == b"1\n"


def test_a_framed_answer_can_be_compressed(engine: Engine) -> None:
    path = query(REVISION | {"enable_http_compression": "1"})
    answer = ask(engine, body="SELECT 1", path=path, headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert gzip.decompress(answer.data).startswith(INFO)


def test_a_type_that_cannot_be_framed_is_an_error_with_advice(engine: Engine) -> None:
    answer = ask(engine, body="SELECT sumState(1) AS total", path=query(REVISION))
    assert answer.status == 501
    assert b"Column total has type AggregateFunction(sum, UInt8)" in answer.data
    assert b"finalizeAggregation()" in answer.data


def test_a_revision_that_is_no_number_is_refused(engine: Engine) -> None:
    answer = ask(engine, body="SELECT 1", path=query({"client_protocol_version": "new"}))
    assert answer.status == 400
    assert b"client_protocol_version 'new' is no revision" in answer.data


def query(parameters: dict[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in parameters.items())
