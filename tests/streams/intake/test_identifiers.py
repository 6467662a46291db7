"""The identifiers of a touch, normalised, strongest first."""

from typing import Any

import pytest

from schemas.columns import EVENT_HEAD
from schemas.flags import Flag
from tests.schemas.column_types import read_row
from tests.schemas.touches import changed
from tests.streams.intake.reading import (
    take,
)


@pytest.mark.parametrize(
    ("who", "ids", "flagged"),
    [
        ({"customer_id": "null"}, (), True),
        ({"customer_id": "", "email": "ada@example.org"}, ("main|email:ada@example.org",), True),
        ({"email": "info@example.org"}, (), True),
        ({"phone": "030 901820"}, ("main|phone:+4930901820",), False),
        ({"email": "ADA@Bücher.example"}, ("main|email:ada@xn--bcher-kva.example",), False),
        ({"email": "ada@example.org", "tenant": "shop-2"}, ("shop-2|email:ada@example.org",), False),
        ({"customer_id": 7}, ("main|customer_id:7",), False),
        ({"ids": {"email": "ada@example.org"}}, ("main|email:ada@example.org",), False),
        ({"ids": {"email": "eve@example.org"}, "email": "ada@example.org"}, ("main|email:ada@example.org",), False),
        ({"ids": {"loyalty": "7"}}, (), False),
        ({"ids": {"loyalty": "null"}}, (), False),
    ],
)
def test_identifiers(who: dict[str, Any], ids: tuple[str, ...], flagged: bool) -> None:
    touch = take("calls", changed("calls", **who))
    assert touch.ids == ids
    assert (Flag.JUNK_IDENTIFIER.value in read_row(touch.head, EVENT_HEAD)["flags"]) is flagged
