"""Extensions of telephone numbers, in many languages. They are not part of the number.

Austria is the exception: there the direct dial (`DW`, `Durchwahl`, `Klappe`) is dialled as part of the number.
"""

from re import IGNORECASE
from re import compile as pattern
from typing import Final

_WORDS: Final = (
    # English, and what the library knows
    *("extension", "extn", "ext", "xtn", "x", "#", "~"),
    # German
    *("durchwahl", "dw", "nebenstelle", "nebenst", "nst", "apparat", "app", "klappe", "kl", "hausruf"),
    # French, Spanish, Portuguese, Italian
    *("poste", "pst", "interno", "interne", "intern", "int", "extensión", "extensao", "extensão", "anexo", "anx"),
    *("ramal", "rml", "interior", "derivazione"),
    # Dutch, Nordic
    *("toestel", "tst", "lokalnummer", "lokalnr", "lokal", "lok", "anknytning", "ankn", "anknr", "alanumero", "alanro"),
    # Polish, Czech, Slovak, Hungarian, Romanian, Turkish
    *("wewnętrzny", "wewn", "wew", "linka", "klapka", "mellék", "interior", "dahili"),
    # Russian, Ukrainian, Bulgarian, Greek
    *("добавочный", "доб", "внутренний", "внутр", "вн", "додатковий", "дод", "вътр", "εσωτερικό", "εσωτ"),
    # Chinese, Japanese, Korean, Vietnamese, Thai, Hebrew, Arabic
    *("內線", "内线", "内線", "分機", "分机", "轉", "转", "내선", "máy lẻ", "ต่อ", "שלוחה", "تحويلة"),
)
_BY_LENGTH: Final = "|".join(sorted({word.replace("#", r"\#") for word in _WORDS}, key=len, reverse=True))
_extension: Final = pattern(
    rf"(.*?[\d)])[\s,;.(/\u2013-]*(?<![^\W\d_])({_BY_LENGTH})[\s.:=\#\uff1a-]*(\d{{1,9}})[\s)]*", IGNORECASE
).fullmatch
_DIRECT_DIAL: Final = frozenset({"durchwahl", "dw", "klappe", "kl", "nebenstelle", "nst"})
_austrian: Final = pattern(r"\D*(?:\+|00)\s*43").match
_foreign: Final = pattern(r"\D*(?:\+|00)").match


def split_extension(text: str, region: str) -> tuple[str, str]:
    """Return (number, extension or '') of a number as dialled in `region`."""
    found = _extension(text)
    if found is None:
        return text, ""
    number, word, extension = found.groups()
    in_austria = _austrian(number) or (region.upper() == "AT" and not _foreign(number))
    if word.lower() in _DIRECT_DIAL and in_austria:
        return f"{number} {extension}", ""
    return number, extension
