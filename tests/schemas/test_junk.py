"""What stands for nobody, and what does not."""

import pytest

from schemas.junk import is_junk, is_role, is_typed

TEXT = """
    0 00 000-000 0.0 +0 - -- . {} [] ??? "" '' 00000000-0000-0000-0000-000000000000
    -1 null NULL None nil undefined NaN Unknown ANONYMOUS guest n/a N/A (none) (null) (not_set) test "null" #N/A
"""
NOBODY = TEXT.split()


@pytest.mark.parametrize("value", [*NOBODY, "", "not set", "(not set)", "[object Object]", "\u2013"])
def test_values_that_stand_for_nobody(value: str) -> None:
    assert is_junk(value)


@pytest.mark.parametrize("value", ["42", "1", "10", "-10", "a", "nullable", "guest42", "anonymous-7f3a", "0x0a", "007"])
def test_values_that_may_be_somebody(value: str) -> None:
    assert not is_junk(value)


@pytest.mark.parametrize(
    "local", ["info", "sales", "postmaster", "no-reply", "noreply+81", "info+de", "null", "anonymous"]
)
def test_mailboxes_of_functions(local: str) -> None:
    assert is_role(local)


@pytest.mark.parametrize("local", ["bob", "information", "sales.bob", "bob+info", "+info", "salesman"])
def test_mailboxes_of_people(local: str) -> None:
    assert not is_role(local)


@pytest.mark.parametrize(("digits", "typed"), [("1111111", True), ("123456789", True), ("", False), ("1112111", False)])
def test_digits_typed_to_get_past_a_form(digits: str, typed: bool) -> None:
    assert is_typed(digits) is typed
