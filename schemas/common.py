"""What every raw touch has in common, whatever its channel. A field's rule stands here or in its channel's file, nowhere else.

Rules that need more than one value (a phone number's region, a URL's parts) are applied at intake by `schemas.identifiers` and
`streams.fold.urls`; their reasons are the same closed list.
"""

from datetime import datetime
from typing import Annotated, Any, Final
from unicodedata import category

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.rejected import Reason

LONGEST_ID: Final = 200
LONGEST_TEXT: Final = 8_000
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def refuse(reason: Reason, why: str) -> PydanticCustomError:
    """An error that carries one of our reasons through pydantic; `why` is shown as it is."""
    return PydanticCustomError(reason.value, "{why}", {"why": why})


def _read_time(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise refuse(Reason.WRONG_TYPE, "give the time as ISO 8601 text with its zone, or as whole milliseconds since 1970")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise refuse(Reason.BAD_TIME, "not a time of ISO 8601, such as 2026-01-31T09:30:00Z") from None
    if time.tzinfo is None:
        raise refuse(Reason.NO_ZONE, "a time needs its zone: add Z or an offset such as +02:00") from None
    since = time - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


def _read_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise refuse(Reason.WRONG_TYPE, "an id is text or a whole number")
    if len(value) > LONGEST_ID:
        raise refuse(Reason.BAD_ID, f"longer than {LONGEST_ID} characters")
    if not value.isprintable() and any(category(character) in ("Cc", "Cs") for character in value):
        raise refuse(Reason.BAD_ID, "has control characters")
    return value


Time = Annotated[
    int,
    BeforeValidator(_read_time),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}],
            "description": "ISO 8601 with zone, or milliseconds since 1970 (UTC)",
        }
    ),
]
Id = Annotated[
    str,
    BeforeValidator(_read_id),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": LONGEST_ID}, {"type": "integer"}]}),
]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Label = Annotated[str, StringConstraints(max_length=LONGEST_ID)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Tenant = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Namespace = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class RawTouch(BaseModel):
    """One message of a raw topic. Fields that no schema names are kept among the properties."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    event_id: Id | None = Field(None, description="the source's own id of this touch, the same in every retry")
    type: str
    occurred_at: Time
    sent_at: Time | None = Field(None, description="the sender's clock at sending; corrects occurred_at")
    schema_version: int = 1
    customer_id: Id | None = None
    email: Text | None = None
    phone: Text | None = None
    anonymous_id: Id | None = None
    ids: dict[Namespace, Id] = Field(default_factory=dict, description="namespaced others, such as crm")
    tenant: Tenant = "main"
    source: Label = Field("", description="who sends it, a word or two")
    properties: dict[str, Any] = Field(default_factory=dict, description="anything else; kept. `traits` tells who it is")

    def natural_id(self) -> str | None:
        """What makes this touch unique where its source gives no event id; None: only its place in the topic does."""
        return None
