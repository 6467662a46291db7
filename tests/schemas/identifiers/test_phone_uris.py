"""The number inside `tel:` and `sip:` URIs, SIP headers and WhatsApp addresses."""

from schemas.identifiers.phone_uris import unwrap
from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.rejected import Reason
from tests.tables import table


@table(
    ("text", "number"),
    [
        ("030 901820", "030 901820"),
        ("tel:+49-30-901820", "+49-30-901820"),
        ("tel:901820;phone-context=+4930", "+4930901820"),
        ("tel:+4930901820;ext=12", "+4930901820;ext=12"),
        ("TEL:+4930901820;isub=1", "+4930901820"),
        ("+4930901820;ext=7;other=x", "+4930901820;ext=7"),
        ("sip:+4930901820@pbx.example;transport=tcp", "+4930901820"),
        ("sips:4930901820:secret@pbx.example", "4930901820"),
        ('"Ada" <sip:+4930901820@pbx.example>;tag=1', "+4930901820"),
        ("sip:%2B4930901820@pbx.example", "+4930901820"),
        ("4915112345678@s.whatsapp.net", "+4915112345678"),
        ("whatsapp://4915112345678", "4915112345678"),
        ("callto://+4930901820?x=y", "+4930901820"),
    ],
)
def test_the_number_as_it_was_dialled(text: str, number: str) -> None:
    assert unwrap(text) == number


@table("text", ["<>", "sip:anonymous@anonymous.invalid", "sip:anonymous@pbx.example", '"x" <sip:+49@unknown.invalid>'])
def test_a_hidden_caller_is_junk(text: str) -> None:
    assert isinstance(unwrap(text), Junk)


@table("text", ["sip:reception@pbx.example", "ada@example.org"])
def test_an_address_without_a_number_is_refused(text: str) -> None:
    found = unwrap(text)
    assert isinstance(found, Invalid)
    assert found.reason is Reason.BAD_PHONE
