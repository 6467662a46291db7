"""Values that identify no person, and similar ones that do."""

import pytest

from schemas.identifiers.junk_values import fold, is_junk, is_role, is_typed
from tests.tables import table

TEXT = """
    0 00 000-000 0.0 +0 - -- . {} [] ??? "" '' 00000000-0000-0000-0000-000000000000
    anonymous_user AnonymousUser anonymous-user ANONYMOUS_USER not_authenticated unauthenticated not_logged_in
    logged_out guest_user unknown_user default_user user_id userId customer_id distinct_id email visitor [object_Object]
    <nil> <null>
    <unknown> {null} [null] `null` 'undefined' "anonymous" (undefined) -Infinity not-set no_value NoUser no-user-id
    unbekannt Anónimo inconnu sconosciuto neznámý неизвестно 匿名 不明 xxx XXXX xx xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx
    ffffffff-ffff-ffff-ffff-ffffffffffff FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 11111111-1111-1111-1111-111111111111
    9774d56d682e549c 02:00:00:00:00:00 550E8400-E29B-41D4-A716-446655440000 0000000000000000 <> %% $ @
    -1 null NULL None nil undefined NaN Unknown ANONYMOUS guest n/a N/A (none) (null) (not_set) test "null" #N/A
"""
NOBODY = TEXT.split()


@table("value", [*NOBODY, "", "not set", "(not set)", "[object Object]", "\u2013"])
def test_values_that_identify_nobody(value: str) -> None:
    assert is_junk(value)


@pytest.mark.parametrize(
    "value",
    [
        "42",
        "1",
        "10",
        "-10",
        "a",
        "nullable",
        "guest42",
        "anonymous-7f3a",
        "0x0a",
        "007",
        "x",
        "x1",
        "111111",
        "aaaa",
        "anna",
        "ada@b",
    ],
)
def test_values_that_may_be_somebody(value: str) -> None:
    assert not is_junk(value)


@pytest.mark.parametrize(
    "local",
    [
        "info",
        "sales",
        "postmaster",
        "no-reply",
        "noreply+81",
        "info+de",
        "null",
        "anonymous",
        "noemail",
        "your-email",
        "anonymous_user",
    ],
)
def test_mailboxes_of_functions(local: str) -> None:
    assert is_role(local)


@pytest.mark.parametrize(
    "local", ["bob", "information", "sales.bob", "bob+info", "+info", "salesman", "user", "email", "visitor"]
)
def test_mailboxes_of_people(local: str) -> None:
    assert not is_role(local)


@pytest.mark.parametrize(("digits", "typed"), [("1111111", True), ("123456789", True), ("", False), ("1112111", False)])
def test_digits_typed_to_get_past_a_form(digits: str, typed: bool) -> None:
    assert is_typed(digits) is typed


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (" 'Not Set' ", "not_set"),
        ("no--value", "no_value"),
        ("[Privé]", "prive"),
        ("-1", "-1"),
        ("İ", "i"),
        ("ß", "ss"),
    ],
)
def test_how_words_are_compared(text: str, word: str) -> None:
    assert fold(text) == word
