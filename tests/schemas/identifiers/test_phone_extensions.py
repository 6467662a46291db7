"""Extensions behind a telephone number are split off, except direct dials in Austria."""

from schemas.identifiers.phone_extensions import split_extension
from tests.tables import table


@table(
    ("text", "region", "number", "extension"),
    [
        ("030 901820", "DE", "030 901820", ""),
        ("030 901820 ext. 12", "DE", "030 901820", "12"),
        ("030 901820x12", "DE", "030 901820", "12"),
        ("(030) 901820, Durchwahl 7", "DE", "(030) 901820", "7"),
        ("01 23 45 67 89 poste 4", "FR", "01 23 45 67 89", "4"),
        ("8 495 123-45-67 доб. 123", "RU", "8 495 123-45-67", "123"),
        ("03-1234-5678 内線 99", "JP", "03-1234-5678", "99"),
        ("030 901820 #5", "DE", "030 901820", "5"),
        ("01 58858 DW 12", "AT", "01 58858 12", ""),  # dialled as part of the number there
        ("+43 1 58858 Klappe 12", "DE", "+43 1 58858 12", ""),
        ("+49 30 901820 DW 12", "AT", "+49 30 901820", "12"),
        ("01 58858 ext 12", "AT", "01 58858", "12"),
        ("ext 12", "DE", "ext 12", ""),  # no number in front of it
        ("030 901820 ext", "DE", "030 901820 ext", ""),
        ("030 901820 ext 1234567890", "DE", "030 901820 ext 1234567890", ""),  # no extension is that long
    ],
)
def test_split(text: str, region: str, number: str, extension: str) -> None:
    assert split_extension(text, region) == (number, extension)
