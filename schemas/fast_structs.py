"""Structs that messages of the common form are decoded into, derived from the models of the channels.

A struct accepts no message that its model refuses, and holds the values that the model reads. It may refuse messages
that the model accepts (a field of no schema, a number in quotes): those are left to the model. Times, ids and
identifiers are as they were sent.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from msgspec import Meta, Struct, defstruct
from msgspec.json import Decoder
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from schemas.channels import CHANNELS
from schemas.money import CURRENCY_PATTERN, MONEY_PATTERN, Currency, Money
from schemas.raw_touch import (
    LARGEST_REVISION,
    LONGEST_ID,
    LONGEST_TEXT,
    Amount,
    Id,
    Name,
    PlausibleTime,
    RawTouch,
)

FastId = Annotated[str, Meta(max_length=LONGEST_ID)] | int | None
FastLabel = Annotated[str, Meta(max_length=LONGEST_ID)] | None
FastText = Annotated[str, Meta(max_length=LONGEST_TEXT)] | None


class FastMessage(Struct, gc=False, kw_only=True, forbid_unknown_fields=True):
    """The fields of `RawTouch`. Null and left out are the same."""

    type: str
    occurred_at: str | int | float
    event_id: FastId = None
    sent_at: str | int | float | None = None
    revision: Annotated[int, Meta(ge=0, le=LARGEST_REVISION)] | None = None
    schema_version: int | None = None
    customer_id: FastId = None
    email: FastText = None
    phone: FastText = None
    anonymous_id: FastId = None
    ids: dict[str, str | int] | None = None
    tenant: str | None = None
    source: FastLabel = None
    library: FastLabel = None
    library_version: FastLabel = None
    properties: dict[str, Any] | None = None


def fast_type(hint: Any) -> Any:
    """Return the type that msgspec reads a field as. Raises TypeError on a kind of field without a rule here."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (one for one in get_args(hint) if one is not NoneType)
        return fast_type(inner) | None
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _derive_object(hint)
    if hint == dict[str, Any]:
        return hint
    if hint in (Id, Name):
        return Annotated[str, Meta(max_length=LONGEST_ID)] | int
    if get_origin(hint) is Literal:
        return hint
    if hint == Amount:
        return Annotated[float, Meta(ge=0)]  # JSON has no infinite numbers
    if hint == PlausibleTime:
        return str | int | float
    if hint in (Money, Currency):
        return Annotated[str, Meta(pattern=rf"^({MONEY_PATTERN if hint == Money else CURRENCY_PATTERN})\Z")]
    if get_origin(hint) is Annotated and get_origin(hint.__origin__) is list:
        return _list_type(hint)
    if get_origin(hint) is Annotated and hint.__origin__ is str:
        match hint.__metadata__:
            case (StringConstraints(max_length=int(longest), min_length=None, pattern=None),):
                return Annotated[str, Meta(max_length=longest)]
    raise TypeError(f"no rule to read {hint!r} on the fast path: add one to schemas.fast_structs")


def _list_type(hint: Any) -> Any:
    (inner,) = get_args(hint.__origin__)
    match hint.__metadata__:
        case (FieldInfo(metadata=[MaxLen(max_length=longest)]),):
            return Annotated[list[fast_type(inner)], Meta(max_length=longest)]  # type: ignore[misc]
    raise TypeError(f"a list without a limit, or with more than that: {hint!r}")


def _is_text(hint: Any) -> bool:
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return any(get_origin(kind) is Annotated and kind.__origin__ is str for kind in kinds)


@cache
def _derive_object(model: type[BaseModel]) -> type[Struct]:
    """Return the struct of an object inside a message. Texts that it lacks are empty."""
    hints = get_type_hints(model, include_extras=True)
    fields = [(name, fast_type(hints[name]), "" if _is_text(hints[name]) else None) for name in model.model_fields]
    return defstruct(f"Fast{model.__name__}", fields, gc=False, kw_only=True, forbid_unknown_fields=True)


def derive_struct(model: type[RawTouch]) -> type[FastMessage]:
    """Return the struct of a channel. A text that a message leaves out is empty, as it is in the row."""
    hints = get_type_hints(model, include_extras=True)
    fields: list[Any] = [("type", hints["type"])]
    for name, field in model.model_fields.items():
        if name not in RawTouch.model_fields:
            default = [] if field.is_required() else ["" if _is_text(hints[name]) else None]
            fields.append((name, fast_type(hints[name]), *default))
    struct = defstruct(
        f"Fast{model.__name__}", fields, bases=(FastMessage,), gc=False, kw_only=True, forbid_unknown_fields=True
    )
    return cast(type[FastMessage], struct)


STRUCTS: Final = {channel: derive_struct(model) for channel, model in CHANNELS.items()}
DECODERS: Final[Mapping[str, Callable[[bytes], FastMessage]]] = {
    channel: Decoder(struct).decode for channel, struct in STRUCTS.items()
}
"""By channel: the message's value as its struct. Raises `msgspec.DecodeError`, `UnicodeDecodeError` or
`RecursionError` on values that are left to the model."""
