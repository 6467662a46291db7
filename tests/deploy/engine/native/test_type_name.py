"""Names of types as the engine writes them."""

import pytest

from deploy.engine.native.type_name import TypeName, element_type, read_type


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("UInt8", "UInt8", ()),
        ("Tuple()", "Tuple", ()),
        ("DateTime64(3, 'UTC')", "DateTime64", ("3", "'UTC'")),
        ("Map(String, Array(UInt8))", "Map", ("String", "Array(UInt8)")),
        ("Enum8('a,(' = 1, 'it\\'s' = 2)", "Enum8", ("'a,(' = 1", "'it\\'s' = 2")),
        ("Tuple(a String, `b, (c` Map(String, String))", "Tuple", ("a String", "`b, (c` Map(String, String)")),
        ("Point", "Tuple", ("Float64", "Float64")),
    ],
)
def test_a_type_has_a_name_and_arguments(text: str, name: str, arguments: tuple[str, ...]) -> None:
    assert read_type(text) == TypeName(name, arguments)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("String", "String"),
        ("a String", "String"),
        ("`b (c` Array(String)", "Array(String)"),
        ("DateTime64(3, 'UTC')", "DateTime64(3, 'UTC')"),
        ("t DateTime64(3, 'UTC')", "DateTime64(3, 'UTC')"),
    ],
)
def test_an_element_of_a_tuple_may_have_a_name(element: str, expected: str) -> None:
    assert element_type(element) == expected
