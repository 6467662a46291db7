"""The fields that raw touches of all channels have.

Rules that need more than one value (the region of a phone number, the parts of a URL) are applied at intake by
`schemas.identifiers.identifier` and `streams.enrichment.url`, with reasons of the same closed list.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self
from unicodedata import category

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.column import Column
from schemas.flags import Flag
from schemas.rejected import Reason, Rejected
from schemas.timestamps import EARLIEST_MS, END_MS, parse_time

LONGEST_ID: Final = 200
LONGEST_TEXT: Final = 8_000
LONGEST_MESSAGE: Final = 2_000  # what a person wrote
ABSENT: Final = (None, "")  # values of a field that the message lacks
LARGEST_REVISION: Final = 2**53 - 1  # the largest whole number that every JSON reader keeps (RFC 8259, section 6)
_NULL: Final = {"type": "null"}


def refuse(reason: Reason, why: str) -> PydanticCustomError:
    """Return an error that carries a reason through pydantic; `why` becomes its message."""
    return PydanticCustomError(reason.value, "{why}", {"why": why})


def read_time(value: object) -> int:
    """Return the time of a value, for pydantic. Raises `PydanticCustomError` with a reason."""
    time = parse_time(value)
    if isinstance(time, Rejected):
        raise refuse(time.reason, time.detail)
    return time


def read_plausible_time(value: object) -> int:
    """Return the time of a value, for pydantic. Raises `PydanticCustomError`, also for a time that cannot be right."""
    time = read_time(value)
    if not EARLIEST_MS <= time < END_MS:
        raise refuse(Reason.BAD_TIME, "is before 1990 or after 2069")
    return time


def read_id(value: object) -> str:
    """Return an id as it is kept: text, or the digits of a whole number. Raises `PydanticCustomError` with a reason."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise refuse(Reason.WRONG_TYPE, "an id is text or a whole number")
    if len(value) > LONGEST_ID:
        raise refuse(Reason.BAD_ID, f"longer than {LONGEST_ID} characters")
    if not value.isprintable() and any(category(character) in ("Cc", "Cs") for character in value):
        raise refuse(Reason.BAD_ID, "has control characters")
    return value


def read_name(value: object) -> str:
    """Return the value of an identifier: `read_id` of the value without surrounding blanks and line ends."""
    return read_id(value.strip() if isinstance(value, str) else value)


Time = Annotated[
    int,
    BeforeValidator(read_time),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}]}),
]
PlausibleTime = Annotated[
    int,
    BeforeValidator(read_plausible_time),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}]}),
]
Id = Annotated[
    str,
    BeforeValidator(read_id),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": LONGEST_ID}, {"type": "integer"}]}),
]
Name = Annotated[
    str,
    BeforeValidator(read_name),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": LONGEST_ID}, {"type": "integer"}]}),
]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Message = Annotated[str, StringConstraints(max_length=LONGEST_MESSAGE)]
Label = Annotated[str, StringConstraints(max_length=LONGEST_ID)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Revision = Annotated[int, Field(ge=0, le=LARGEST_REVISION)]
Tenant = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
NAMESPACE: Final = r"[a-z][a-z0-9_]{0,31}"
Namespace = Annotated[str, StringConstraints(pattern=f"^{NAMESPACE}$")]


def allow_null(schema: dict[str, Any]) -> None:
    """Allow null in the exported schema for every field that may be left out, since null counts as left out."""
    for name, field in schema["properties"].items():
        if name in schema.get("required", ()):
            continue
        described = {key: field.pop(key) for key in ("title", "description", "default", "examples") if key in field}
        kinds = [kind for kind in field.get("anyOf", [field]) if kind != _NULL]
        schema["properties"][name] = described | {"anyOf": [*kinds, _NULL]}
        if described.get("default", "") is None:
            del schema["properties"][name]["default"]


def _complete_schema(schema: dict[str, Any], model: "type[RawTouch]") -> None:
    """Complete the exported schema by what pydantic does not say: nulls, and fields that some types require."""
    allow_null(schema)
    for name, types in model.REQUIRED_BY.items():
        schema.setdefault("allOf", []).append(
            {
                "if": {"properties": {"type": {"enum": sorted(types)}}, "required": ["type"]},
                "then": {"required": [name], "properties": {name: {"not": _NULL}}},
            }
        )


class RawTouch(BaseModel):
    """One message of a raw topic. Fields that no schema names are kept among the properties.

    A channel is a subclass that also declares its columns and how its touches are shown.
    """

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    """Groups of columns (schemas.column) that the channel fills, and a column for each field of its own."""
    ICON: ClassVar[str] = "dot"
    """Symbol of the channel in `dashboards/pages/static/icons.svg`."""
    SUMMARY: ClassVar[tuple[str, ...]] = ()
    """Columns that describe a touch in one line of a timeline, in this order; `campaign` is that of the link's tags, or
    else the channel's own."""
    SUMMARY_ELSE: ClassVar[str] = ""
    """Column that describes a touch in which all of SUMMARY are empty."""
    TITLES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """By type of touch: what the customer did, as a sentence with columns in braces. The first sentence whose columns
    all have values is shown (dashboards.wording); the customer is its subject."""
    UNITS: ClassVar[Mapping[str, str]] = {}
    """By column of SUMMARY: the column with its unit, such as the currency of an amount."""
    MACHINE_FLAGS: ClassVar[Mapping[str, Flag]] = {}
    """By type of touch: the flag of one that a machine made and not the customer (streams.enrichment.machine_opens)."""
    NATURAL_ID_FIELD: ClassVar[str] = ""
    """Field without which a touch has no natural id."""
    COUNTS_BY_NATURAL_ID: ClassVar[bool] = False
    """Whether touches with the same natural id count once, whatever event ids and times their senders give them. Fixed
    once a channel is in use: a replay would judge former touches by the new value."""
    PINGS: ClassVar[frozenset[str]] = frozenset()
    """Types that are no touches: they raise `engaged_ms` of the page view with the same `page_id` (schemas.pings)."""
    REQUIRED_BY: ClassVar[Mapping[str, frozenset[str]]] = {}
    """By field that only some types of touches require: those types."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, json_schema_extra=_complete_schema)

    event_id: Id | None = Field(
        None,
        description="The source's own id of this touch, the same in every retry. Without one, intake derives an id.",
        examples=["order-4711-paid"],
    )
    type: str
    occurred_at: Time = Field(
        description="When it happened: ISO 8601 text with its zone, or milliseconds since 1970 (UTC).",
        examples=["2026-01-31T09:30:00.250+01:00", 1769848200250],
    )
    sent_at: Time | None = Field(
        None, description="The sender's clock when it sent the message; occurred_at is corrected by its error."
    )
    revision: Revision | None = Field(
        None,
        description="Number of this report of the touch. A report with a larger number replaces an earlier one of the "
        "same event_id, while the touch's day is open. Leave it out if a touch never changes.",
        examples=[2],
    )
    schema_version: int = Field(1, ge=1, description="The version of this contract that the message follows.")
    customer_id: Name | None = Field(None, description="Your own id of the customer.", examples=["C-1001", 1001])
    email: Text | None = Field(None, description="The customer's address.", examples=["ada@example.org"])
    phone: Text | None = Field(
        None, description="The customer's number, best with its country code.", examples=["+49 30 901820"]
    )
    anonymous_id: Name | None = Field(
        None,
        description="An id of a cookie, a device or an installation.",
        examples=["b7c1f0d2-58a4-4a55-9d0e-0d6f3a1c9e11"],
    )
    ids: dict[Namespace, Name] = Field(
        default_factory=dict,
        description="Identifiers of other systems, by namespace.",
        examples=[{"crm": "0035g00000XyZ"}],
        json_schema_extra={"additionalProperties": False},
    )
    tenant: Tenant = Field("main", description="The tenant of the customer; tenants share nothing.")
    source: Label = Field("", description="The sending system, in a word or two.", examples=["shop-web"])
    library: Label = Field(
        "", description="The program that made the message, such as an SDK.", examples=["analytics-python"]
    )
    library_version: Label = Field("", description="The version of that program.", examples=["2.4.0"])
    properties: dict[str, Any] = Field(
        default_factory=dict,
        description="Anything else: text unchanged, other values as JSON. The object `traits` describes the customer.",
        examples=[{"plan": "pro", "traits": {"name": "Ada"}}],
    )

    @model_validator(mode="after")
    def _require(self) -> Self:
        missing = [name for name in self.REQUIRED_BY if self.requires(name, self.type) and self.fields[name] in ABSENT]
        if missing:
            raise ValidationError.from_exception_data(
                type(self).__name__, [{"type": "missing", "loc": (name,), "input": self.fields} for name in missing]
            )
        return self

    @classmethod
    def requires(cls, name: str, type_: object) -> bool:
        """Return whether touches of a type must have the field."""
        types = cls.REQUIRED_BY.get(name, frozenset())
        return cls.model_fields[name].is_required() or (isinstance(type_, str) and type_ in types)

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the schema, by name. Attributes would also show fields that a producer made up."""
        return self.__dict__

    @property
    def unnamed(self) -> dict[str, Any]:
        """The fields that no schema names."""
        return self.__pydantic_extra__ or {}

    def natural_id(self) -> str | None:
        """Return what identifies this touch if its source gives no event id, or the channel counts by natural ids.

        None means that only its event id or its place in the topic does.
        """
        if not self.NATURAL_ID_FIELD or not self.fields[self.NATURAL_ID_FIELD]:
            return None
        return self.derive_natural_id(self, self.occurred_at, self.customer_id)

    @staticmethod
    def derive_natural_id(message: Any, occurred_at_ms: int, customer_id: str | None) -> str:
        """Return the natural id of a message that has NATURAL_ID_FIELD.

        `message` has the channel's fields as attributes: the model, or the struct of the fast path, whose times and
        ids are as they were sent.
        """
        raise NotImplementedError
