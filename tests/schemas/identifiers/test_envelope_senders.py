"""Senders that mail systems rewrote."""

import pytest

from schemas.identifiers.envelope_senders import sender_of


@pytest.mark.parametrize(
    "name",
    [
        "prvs=4123abcd12=ada",
        "prvs=ada=4123abcd12",
        "prvs=4123abcd12/ada",
        "prvs1=4123abcd12=ada",
        "simprvs=4123abcd12=ada",
        "msprvs1=17364dwf-yg-t=ada",
        "btv1==070ca9a46c5==ada",
        "btv1==070ca9a46c5=ada",
    ],
)
def test_signed_senders(name: str) -> None:
    assert sender_of(name, "example.org") == ("ada", "example.org")


@pytest.mark.parametrize(
    "name",
    [
        "srs0=hhh=tt=example.org=ada",
        "srs0+hhh=tt=example.org=ada",
        "srs0-hhh=tt=example.org=ada",
        "srs1=hhh=forwarder.example==hhh=tt=example.org=ada",
        "srs1=hhh=forwarder.example=+hhh=tt=example.org=ada",
        "srs0=hhh=tt=example.org=prvs=4123abcd12=ada",
        "prvs=4123abcd12=srs0=hhh=tt=example.org=ada",
    ],
)
def test_forwarded_senders(name: str) -> None:
    assert sender_of(name, "last.example") == ("ada", "example.org")


@pytest.mark.parametrize(
    "name", ["ada", "prvs", "prvs=", "prvs=ada", "srs0", "srs0=hhh=tt", "ada=x=y", "bounces-ada=example.org", "btv1==x"]
)
def test_other_names_are_left_alone(name: str) -> None:
    assert sender_of(name, "example.org") == (name, "example.org")


def test_a_sender_with_equals_signs_of_its_own() -> None:
    assert sender_of("prvs=4123abcd12=a=b", "example.org") == ("a=b", "example.org")
