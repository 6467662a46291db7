"""The form fields of a webhook's request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.hooks.hook_request import HookRequest


def form_fields(body: bytes) -> list[tuple[str, str]]:
    return HookRequest("POST", "https://example.org/v1/hooks/a/b", {}, {}, body, 0).form_fields()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"a=1&b=two+words&a=3", [("a", "1"), ("b", "two words"), ("a", "3")]),
        (b"empty=&flag", [("empty", ""), ("flag", "")]),
        (b"name=%C3%A9", [("name", "é")]),
        (b"", []),
        (b"a=\xff", []),
        (b"a=1&" * 2_000, []),
    ],
)
def test_a_form_has_its_fields_in_order(body: bytes, fields: list[tuple[str, str]]) -> None:
    assert form_fields(body) == fields


@given(st.binary())
def test_no_body_raises(body: bytes) -> None:
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in form_fields(body))
