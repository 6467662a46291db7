"""Examples of answers for the description of the API, made from the types of their fields."""

import dataclasses
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from schemas.channels import CHANNELS

AT_MS: Final = 1_764_581_400_000  # 1 December 2025, 09:30 UTC
_BY_NAME: Final[dict[str, Any]] = {
    "profile": "customer_id:4711",
    "identifier": "email:ada@example.org",
    "parent": "customer_id:4711",
    "folded_into": "email:ada@example.org",
    "key": "q8Zy0n3kP1xWm2cB7sVtLw",
    "channel": next(iter(CHANNELS)),
    "type": "page",
    "source": "news",
    "medium": "email",
    "campaign": "spring",
    "country": "DE",
    "device": "mobile",
    "rule": "page_view",
    "place": 1,
    "zone": "Europe/Berlin",
}

_PLAIN: Final[dict[Any, Any]] = {str: "text", bool: True, float: 12.5, int: 3, date: "2025-12-01"}


def example_of(kind: Any, name: str = "") -> Any:
    """Return a plain value of a type, as JSON has it. `name` is the field's, by which frequent ones have their own."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return example_of(args[0], name)
    if origin in (Union, UnionType):
        return example_of(next(one for one in args if one is not NoneType), name)
    if origin is Literal:
        return args[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        return {field.name: example_of(hints[field.name], field.name) for field in dataclasses.fields(kind)}
    if origin in (list, tuple):
        return [example_of(one, name) for one in args[:1]] if args[-1] is ... or origin is list else _pair(args)
    if isinstance(origin, type) and len(args) == 2:  # a mapping
        return {str(example_of(args[0], name)): example_of(args[1])}
    return _plain(kind, name)


def _pair(args: tuple[Any, ...]) -> list[Any]:
    return [example_of(one) for one in args]


def _plain(kind: Any, name: str) -> Any:
    if kind is int and name.endswith("_ms"):
        return AT_MS
    named = _BY_NAME.get(name)
    return named if type(named) is kind else _PLAIN.get(kind)
