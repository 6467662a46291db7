"""Optional parts of a line of the common log family."""

from sources.access_logs.shapes import Shape, read_shape
from tests.tables import table

LINE = '203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 512'


@table(
    ("line", "shape"),
    [
        (LINE, Shape(False, "203.0.113.7", False, "", ())),
        (f'{LINE} "-" "Firefox"', Shape(False, "203.0.113.7", True, "", ())),
        (f"www.shop.example:443 {LINE}", Shape(True, "203.0.113.7", False, "", ())),
    ],
)
def test_the_shape_of_the_common_formats(line: str, shape: Shape) -> None:
    assert read_shape(line) == shape


@table(("tail", "only"), [(' "10.0.0.1"', True), (' "10.0.0.1" 0.003', False), ("", False), (" 0.003", False)])
def test_one_quoted_field_after_the_user_agent_is_recognised(tail: str, only: bool) -> None:
    shape = read_shape(f'{LINE} "-" "Firefox"{tail}')
    assert shape is not None
    assert shape.only_quoted is only


@table("line", ["", "nothing of the kind", LINE.replace("[17/May/2015:10:05:03 +0000]", "[soon]"), LINE[:20]])
def test_a_line_of_another_family_has_no_shape(line: str) -> None:
    assert read_shape(line) is None
