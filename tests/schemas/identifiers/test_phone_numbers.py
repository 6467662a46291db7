"""Telephone numbers as people and systems write them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from schemas.identifiers.identifier import Invalid, Junk, normalise
from schemas.rejected import Reason
from tests.tables import table

ADA = "+4930901820"
SPELLINGS = [
    "+49 30 901820",
    "030 901820",
    "0049 30 901820",
    "+49 (0)30 901820",
    "+49-30-901820",
    "+49\xa030\xa0901820",
    "+49\u201130\u2011901820",
    "\u202a+49 30 901820\u202c",
    "\u2068+49 30 901820\u2069",
    "\u200e+49 30 901820\u200f",
    "+49\u200b30\u2060901\xad820",
    "\ufeff+49 30 901820",
    "＋４９　３０　９０１８２０",
    "+٤٩٣٠٩٠١٨٢٠",
    "Tel.: 030 901820",
    "Büro +49 30 901820",
    "030 901820 (Ada)",
    "(Büro) 030 901820",
    "tel:+49-30-901820",
    "tel:+4930901820;phone-context=example.com",
    "tel:030901820;phone-context=+49",
    "+4930901820;oli=62;npdi",
    "+49-30-901820;phone-context=example.com",
    "TEL:+49%2030%20901820",
    "tel://+4930901820",
    "callto:+4930901820",
    "sms:+4930901820?body=hello",
    "sip:+4930901820@pbx.example.com",
    "sips:+4930901820@pbx.example.com:5061;transport=tls",
    "sip:+49-30-901820;npdi;rn=+4930@pbx.example.com;user=phone",
    "sip:+4930901820:secret@pbx.example.com",
    "sip:%2B4930901820@pbx.example.com",
    "sip:4930901820@pbx.example.com",
    "SIP:030901820@192.0.2.1",
    "+4930901820@pbx.example.com",
    "<sip:+4930901820@pbx.example.com>;tag=1c2;cause=302",
    '"Ada" <sip:+4930901820@pbx.example.com;user=phone>',
    "Ada <+4930901820>",
    "<tel:+4930901820>",
    "whatsapp:+4930901820",
    "4930901820@s.whatsapp.net",
    "4930901820@c.us",
]


@table("value", SPELLINGS)
def test_spellings_of_one_number(value: str) -> None:
    assert normalise("phone", value, "DE") == ADA


@table(
    "remark",
    [
        "App. 12",
        "App 12",
        "Apparat 12",
        "Durchwahl 12",
        "DW 12",
        "Nst. 12",
        "ext. 12",
        "ext 12",
        "extension 12",
        "x12",
        "x 12",
        "#12",
        ";ext=12",
        "poste 12",
        "int. 12",
        "interno 12",
        "ramal 12",
        "anexo 12",
        "toestel 12",
        "tst. 12",
        "anknytning 12",
        "wew. 12",
        "klapka 12",
        "dahili 12",
        "доб. 12",
        "доб 12",
        "вн. 12",
        "内線12",
        "內線 12",
        "分機12",
        "내선 12",
        "(ext 12)",
        "/ App. 12",
        ", ext: 12",
    ],
)
def test_an_extension_is_no_digits_of_the_number(remark: str) -> None:
    assert normalise("phone", f"+49 30 901864 {remark}", "DE") == "+4930901864;ext=12"
    assert normalise("phone", "sip:+4930901864;ext=12@pbx.example.com", "DE") == "+4930901864;ext=12"


@pytest.mark.parametrize("word", ["DW", "dw.", "Durchwahl", "Klappe", "Kl."])
@pytest.mark.parametrize(
    ("number", "region"), [("+43 1 5880123", "US"), ("0043 1 5880123", "DE"), ("01 5880123", "AT")]
)
def test_a_direct_dial_is_part_of_the_number_in_austria(number: str, region: str, word: str) -> None:
    assert normalise("phone", f"{number} {word} 45", region) == "+431588012345"


@pytest.mark.parametrize(
    ("value", "region", "number"),
    [
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("+1-800-FLOWERS", "DE", "+18003569377"),
        ("1-800-MY-APPLE", "US", "+18006927753"),
        ("(650) 253-HOME", "US", "+16502534663"),
        ("+49 800 FLOWERS", "DE", "+498003569377"),
        ("0800 FLOWERS", "GB", "+448003569377"),
    ],
)
def test_a_word_that_is_a_number(value: str, region: str, number: str) -> None:
    assert normalise("phone", value, region) == number


@pytest.mark.parametrize(
    "value",
    [
        "+49 30 901864 Axel",
        "070 123 45 67 privat",
        "+49 30 901864 mobil",
        "+49 30 901864 a",
        "+49 3O 901864",
        "+49 30 FLOWERS",
        "+43 1 5880123 Hotel",
        "+39 06 698 Roma",
        "+49 30 901864 App. zwei",
    ],
)
def test_a_remark_is_no_digits_of_the_number(value: str) -> None:
    found = normalise("phone", value, "DE")
    assert isinstance(found, Invalid)
    assert (found.reason, "letters" in found.detail) == (Reason.BAD_PHONE, True)


@pytest.mark.parametrize("value", ["650-253-0000 Axel", "1-800-FLOWERSX", "555-0100", "1-800-FLOWER"])
def test_a_number_of_north_america_has_ten_digits_and_no_more(value: str) -> None:
    assert isinstance(normalise("phone", value, "US"), Invalid)


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ("sip:ada@example.com", "without a telephone number"),
        ("ada@example.org", "without a telephone number"),
        ("sip:101@pbx.example.com", "too few"),
        ("tel:112", "too few"),
        ("client:ada71", "too few"),
        ("030 901864 Büro", "no telephone number"),
    ],
)
def test_addresses_without_a_number(value: str, detail: str) -> None:
    found = normalise("phone", value, "DE")
    assert isinstance(found, Invalid)
    assert detail in found.detail


@pytest.mark.parametrize(
    "value", ["+00000", "0000000000", "+10000000000", "+1 999 999 9999", "1111111", "+49 1234567890"]
)
def test_numbers_typed_to_get_past_a_form(value: str) -> None:
    assert isinstance(normalise("phone", value, "US"), Junk)


@given(
    st.from_regex(r"\+?[0-9]{2,12}", fullmatch=True),
    st.sampled_from(
        ["{}", "sip:{}@x.example", '"A" <tel:{}>', "{} (x)", "{};ext=3", "{} App. 3", "{} DW 3", "{} Axel"]
    ),
    st.sampled_from(["DE", "US", "AT", ""]),
)
def test_a_number_in_its_one_spelling_stays(number: str, wrapping: str, region: str) -> None:
    found = normalise("phone", wrapping.format(number), region)
    if isinstance(found, str):
        assert normalise("phone", found, region) == found


@table("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_spellings_of_every_country(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    number.national_number = (number.national_number or 0) + 1  # some examples are 12345678
    full = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    for form in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966):
        number.extension = None
        assert normalise("phone", phonenumbers.format_number(number, form), region) == full
        number.extension = "12"
        assert normalise("phone", phonenumbers.format_number(number, form), region) == f"{full};ext=12"
