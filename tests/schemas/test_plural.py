"""Numbers with their noun."""

from schemas.plural import counted
from tests.tables import table


@table(
    ("number", "noun", "text"),
    [
        (0, "profile", "0 profiles"),
        (1, "profile", "1 profile"),
        (2, "profile", "2 profiles"),
        (1, "touch", "1 touch"),
        (83_083, "touch", "83,083 touches"),
        (2, "address", "2 addresses"),
        (2, "identity", "2 identities"),
    ],
)
def test_noun_follows_its_number(number: int, noun: str, text: str) -> None:
    assert counted(number, noun) == text
