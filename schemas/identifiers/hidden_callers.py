"""Hidden callers: the texts that telephone systems write in place of a withheld or missing number.

A text without digits cannot be a number, so words in any language need no list. The list has words with digits
(`+1anonymous`) and SIP addresses (RFC 3323: `sip:anonymous@anonymous.invalid`). Where a number is required, some
carriers send the word on a telephone's keys: Twilio's `+266696687` is ANONYMOUS.
"""

from re import compile as pattern
from typing import Final

from schemas.identifiers.junk_values import WORDS, fold, words

_HIDDEN: Final = """
    anonymous private private_number private_call private_caller restricted restricted_number unavailable
    number_unavailable caller_id_unavailable unknown unknown_number unknown_caller unknown_name blocked blocked_number
    blocked_call withheld number_withheld withheld_number caller_withheld hidden hidden_number no_caller_id
    no_caller_id_name no_number no_cli no_clip clir out_of_area out_of_service toll_free_call wireless_caller payphone
    pay_phone coin_phone international international_call not_available not_disclosed nonpublished non_published
    unlisted suppressed number_suppressed presentation_restricted interaction_with_other_service asserted_identity
    confidential secret id_withheld invalid asterisk freeswitch 3cx kamailio opensips
    anrufer_unbekannt unterdruckt rufnummer_unterdruckt keine_rufnummer privat private_nummer geheim
    prive numero_prive numero_masque masque appel_masque inconnu oculto numero_oculto numero_privado privado
    desconocido desconhecido numero_desconhecido identidade_oculta confidencial sconosciuto numero_privato privato
    riservato anonimo prive_nummer onbekend anoniem nummer_onbekend afgeschermd skyddat_nummer dolt_nummer hemligt
    okant skjult_nummer hemmeligt tuntematon salainen zastrzezony numer_prywatny nieznany ukryty skryte_cislo
    nezname_cislo rejtett szam titkos numar_ascuns gizli_numara bilinmeyen скрытый скрытый_номер номер_скрыт
    неизвестный_номер прихований απορρητο αποκρυψη 非通知 非通知設定 表示圏外 公衆電話 通知不可能 隐藏号码 未知号码
    私人号码 발신번호표시제한 רשמי חסוי رقم_خاص
"""
HIDDEN_WORDS: Final = WORDS | words(tuple(_HIDDEN.split()))

_KEYS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
# Only words whose keys are not a possible number (tests/schemas/identifiers/test_hidden_callers.py): NOCALLERID is
# one of
# Bangkok.
_ON_KEYS: Final = ("anonymous", "restricted", "unavailable", "unknown", "blocked", "private", "withheld", "hidden")
HIDDEN_NUMBERS: Final = frozenset(word.translate(_KEYS) for word in _ON_KEYS)
_LOCAL_DIGITS: Final = 8  # as long as a number without its country code may well be
_MOST_DIGITS: Final = 5  # beside a word; more are a number
_letters: Final = pattern(r"[\W\d_]+").sub
_digits: Final = pattern(r"\D+").sub
_V_NUMBER: Final = pattern(r"[Vv]\d{8,}").fullmatch  # in place of a name, of callers who dial by machine


def is_hidden_number(digits: str, international: bool) -> bool:
    """Return whether the digits of a number spell a word on the keys. Short words need a country code."""
    return digits in HIDDEN_NUMBERS and (international or len(digits) > _LOCAL_DIGITS)


def is_hidden_caller(text: str) -> bool:
    """Return whether a text in place of a telephone number means that there is none."""
    digits = _digits("", text)
    if not digits or _V_NUMBER(text):
        return True
    if is_hidden_number(digits.removeprefix("00"), text.startswith(("+", "00"))):
        return True
    return len(digits) <= _MOST_DIGITS and fold(_letters("", text)) in HIDDEN_WORDS
