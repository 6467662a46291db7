"""The check of a touch by the contract's models, which name the reason of a refusal."""

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import ValidationError

from schemas.channels import CHANNELS
from schemas.rejected import Reason, Rejected

_read = msgspec.json.Decoder().decode


def read_message(raw: bytes) -> dict[str, Any] | Rejected:
    """Return the object of a touch, or why there is none."""
    try:
        found = _read(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        return Rejected(Reason.NOT_JSON, str(e))
    return found if isinstance(found, dict) else Rejected(Reason.NOT_AN_OBJECT, "send one JSON object")


def check_message(channel: str, message: Mapping[str, Any], order: tuple[str, ...], region: str) -> Rejected | None:
    """Return why intake would refuse the message, or None."""
    try:
        CHANNELS[channel].model_validate({k: v for k, v in message.items() if v is not None})
    except ValidationError as failure:
        return Rejected(Reason.BAD_VALUE, str(failure.errors()[0]["msg"]))
    return None
