"""Messages about lines that are not JSON."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.tables.json_errors import describe_json_error


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"title": "\\ud83d"}', "half a surrogate pair"),
        (b'{"a": 1e400}', "the number 1e400 is too large"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": 1', "column 8: Expecting ',' delimiter"),
        (b"{'a': 1}", "column 2: Expecting property name enclosed in double quotes"),
        (b'{"a": 1} {"b": 2}', "column 10: Extra data"),
        (b'{"a": "\xff"}', "byte 8 of the line is not UTF-8"),
        ('{"a": 1}\n'.encode("utf-16"), "iconv -f UTF-16 -t UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "a whole number of thousands of digits"),
    ],
)
def test_each_fault_has_its_message(line: bytes, words: str) -> None:
    assert describe_json_error(line).startswith(words) or words in describe_json_error(line)


@given(st.binary(max_size=40) | st.text('{}[]",:\\\\ud8aNn1e9 ').map(str.encode))
def test_every_line_that_msgspec_rejects_has_a_message_of_one_line(line: bytes) -> None:
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        assert describe_json_error(line).strip()
        assert "\n" not in describe_json_error(line)
