"""Precedence of identifiers by the order of the settings."""

import pytest

from streams.identity.precedence import Precedence
from tests.tables import table

ORDER = ("customer_id", "email", "anonymous_id")
PRECEDENCE = Precedence(ORDER)
CUSTOMER, EMAIL, VISITOR = "main|customer_id:7", "main|email:a", "main|anonymous_id:v"


@table(
    ("keys", "strongest"),
    [([VISITOR, EMAIL, CUSTOMER], CUSTOMER), ([VISITOR, EMAIL], EMAIL), ([VISITOR], VISITOR)],
)
def test_the_strongest_key(keys: list[str], strongest: str) -> None:
    assert PRECEDENCE.strongest(keys) == strongest


def test_an_unknown_namespace_has_no_rank() -> None:
    assert PRECEDENCE.unknown_namespaces([EMAIL, "main|fax:1", "acme|loyalty:2"]) == {"fax", "loyalty"}
    with pytest.raises(KeyError):
        PRECEDENCE.strongest([EMAIL, "main|fax:1"])


@table(
    ("key", "others", "violation"),
    [
        (CUSTOMER, [EMAIL, VISITOR], ""),
        (EMAIL, [VISITOR], ""),
        (EMAIL, [], ""),
        (EMAIL, [CUSTOMER], f"{EMAIL} cannot claim {CUSTOMER}: only the stronger claims"),
        (EMAIL, ["main|email:b"], f"{EMAIL} cannot claim main|email:b"),
        (EMAIL, ["main|fax:1"], "fax is not among TOUCHLINE_IDENTIFIERS (customer_id, email, anonymous_id)"),
        ("main|fax:1", [VISITOR], "fax is not among TOUCHLINE_IDENTIFIERS"),
    ],
)
def test_what_a_key_may_claim(key: str, others: list[str], violation: str) -> None:
    found = PRECEDENCE.find_violation(key, others)
    assert found.startswith(violation)
    assert bool(found) == bool(violation)
