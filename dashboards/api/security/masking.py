"""Masking: a copy of an answer in which texts are hidden, except those whose type is `Clear`.

An identifier keeps its namespace, the first letter and the domain of an address, and the country and the last three
digits of a number, so that rows can be told apart on a wall. Any other text becomes `HIDDEN`.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

import phonenumbers

from dashboards.answers.clear import CLEAR
from schemas.identifiers.identifier import ORDER

T = TypeVar("T")
Mask = Callable[[Any], Any]
DOTS: Final = "···"
HIDDEN: Final = DOTS
_ADDRESS: Final = re.compile(r"([^@\s/:?&=])[^@\s/:?&=]*@([\w-]+(?:\.[\w-]+)+)")
_NUMBER: Final = re.compile(r"\+[0-9]{6,15}")
_SHOWN_DIGITS: Final = 3


def mask(value: T) -> T:
    """Return a copy of a dataclass, or of a list or tuple of them, with all texts masked that are not `Clear`."""
    return cast(T, _mask_any(value))


def _mask_any(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_mask_any(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields_of(type(value))(value)
    return _mask_untyped(value)


def mask_text(text: str) -> str:
    """Return an identifier in its masked form; `HIDDEN` for any other text, and '' for ''."""
    if not text:
        return ""
    namespace, separator, rest = text.partition(":")
    if not separator or namespace not in ORDER:
        return _mask_bare(text)
    return f"{namespace}:{_mask_bare(rest)}"


def _mask_bare(text: str) -> str:
    if address := _ADDRESS.fullmatch(text):
        return f"{address[1]}{DOTS}@{address[2]}"
    if _NUMBER.fullmatch(text):
        return f"+{_country_code(text)} {DOTS} {text[-_SHOWN_DIGITS:]}"
    return HIDDEN


def _country_code(number: str) -> int | str:
    try:
        return phonenumbers.parse(number).country_code or ""
    except phonenumbers.NumberParseException:
        return ""


@cache
def _fields_of(kind: type) -> Mask:
    """Return what masks the fields of a dataclass by their types."""
    hints = get_type_hints(kind, include_extras=True)
    masks = {field.name: _mask_of(hints[field.name]) for field in dataclasses.fields(kind)}

    def masked(value: Any) -> Any:
        return dataclasses.replace(value, **{name: of(getattr(value, name)) for name, of in masks.items()})

    return masked


def _mask_of(hint: Any) -> Mask:
    """Return what masks a value of a type: containers by the types of their members."""
    if get_origin(hint) is Annotated:
        return _keep if CLEAR in hint.__metadata__ else _mask_of(get_args(hint)[0])
    args = get_args(hint)
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(args) == 2:
        of_key, of_value = _mask_of(args[0]), _mask_of(args[1])
        return lambda found: {of_key(key): of_value(value) for key, value in found.items()}
    if isinstance(origin, type) and issubclass(origin, list | tuple) and args:
        members = [_mask_of(one) for one in args if one is not ...]
        if len(members) == 1:
            return lambda found: type(found)(members[0](one) for one in found)
        return lambda found: tuple(of(one) for of, one in zip(members, found, strict=True))
    return _mask_any


def _keep(value: Any) -> Any:
    return value


def _mask_untyped(value: Any) -> Any:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {_mask_untyped(key): _mask_any(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return type(value)(_mask_untyped(one) for one in value)
    return value
