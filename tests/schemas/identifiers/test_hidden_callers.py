"""Callers whose number is hidden, as carriers, switchboards and telephones write it."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers.hidden_callers import HIDDEN_NUMBERS, HIDDEN_WORDS, is_hidden_caller, is_hidden_number
from schemas.identifiers.identifier import Junk, normalise
from tests.tables import table

NUMBERS = [
    "+266696687",
    "+7378742833",
    "+86282452253",
    "+8656696",
    "+2562533",
    "+7748283",
    "266696687",
    "0086282452253",
]
WORDS = """
    Private PRIVATE Withheld Restricted Unavailable Unknown Anonymous anonymous Blocked Hidden P O asterisk <unknown>
    NoCallerID No_Caller_ID Unbekannt Unterdrückt Anonym Privé Inconnu Masqué Privado Oculto Desconocido Desconhecido
    Sconosciuto Privato Onbekend Okänt Ukendt Tuntematon Zastrzeżony Neznámý Rejtett Неизвестный Скрытый 非通知 表示圏外
    公衆電話 未知 匿名 발신번호표시제한 חסוי - +anonymous +1anonymous Restricted1 sip:anonymous@anonymous.invalid
    sips:anonymous@anonymous.invalid sip:unavailable@unknown.invalid sip:restricted@pbx.example
    sip:anonymous@192.0.2.1:5060;user=phone anonymous@anonymous.invalid sip:%61nonymous@pbx.example V03201128310000001
"""
PHRASES = [
    "No Caller ID",
    "Caller ID unavailable",
    "Out of area",
    "Private number",
    "Numéro masqué",
    "Numéro privé",
    "Número oculto",
    "Numero privato",
    "Nummer onbekend",
    "Numer prywatny",
    "Keine Rufnummer",
    "asserted-identity none",
    '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
    '"Anonymous" <anonymous>',
    '"" <>',
    "رقم خاص",
]


@table("value", [*NUMBERS, *WORDS.split(), *PHRASES])
@table("region", ["US", "DE", ""])
def test_hidden_callers_are_junk(value: str, region: str) -> None:
    assert isinstance(normalise("phone", value, region), Junk)


@pytest.mark.parametrize("value", ["+17378742833", "+351266696687", "+493025625339", "+6622553743", "+4930901820"])
def test_numbers_with_the_same_keys_that_people_have(value: str) -> None:
    assert normalise("phone", value, "US") == value


@pytest.mark.parametrize("digits", sorted(HIDDEN_NUMBERS))
def test_keypad_words_are_junk(digits: str) -> None:
    assert not phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))


def test_a_short_word_on_the_keys_needs_its_plus() -> None:
    assert is_hidden_number("2562533", international=True)
    assert not is_hidden_number("2562533", international=False)


@given(st.text(st.characters(exclude_categories=["Nd", "Nl", "No"])))
def test_a_text_without_digits_names_no_number(text: str) -> None:
    assert is_hidden_caller(text)


@pytest.mark.parametrize("text", ["+49 30 901820", "Private 030 901820", "V8", "101", "x12"])
def test_a_text_with_a_number_is_not_a_hidden_caller(text: str) -> None:
    assert not is_hidden_caller(text)


def test_words_are_listed_as_they_are_compared() -> None:
    assert {"private", "no_caller_id", "nocallerid", "numero_masque", "非通知"} <= HIDDEN_WORDS
