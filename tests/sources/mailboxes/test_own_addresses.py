"""Own addresses and domains."""

import pytest

from sources.mailboxes.own_addresses import OwnAddresses


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("kim@mail.example", True),
        ("lee@mail.example", False),
        ("anyone@shop.example", True),
        ("anyone@eu.shop.example", True),
        ("anyone@workshop.example", False),
        ("anyone@xn--bcher-kva.example", True),
        ("info@office.example", True),
        ("nobody", False),
    ],
)
def test_domain_includes_those_below(address: str, is_own: bool) -> None:
    own = OwnAddresses.parse([" Kim@Mail.Example", "@Shop.example", "bücher.example", "info@office.example"])
    assert own.has(address) is is_own


@pytest.mark.parametrize("text", ["", "shop", "@", "a b", "a@", "kim@shop example", "https://shop.example/"])
def test_wrong_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither an address nor a domain"):
        OwnAddresses.parse([text])


def test_own_addresses_are_required() -> None:
    with pytest.raises(ValueError, match="--own"):
        OwnAddresses.parse([])
