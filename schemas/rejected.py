"""Refusals of raw records, with a closed list of reasons."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DETAIL_CHARS: Final = 1_000  # of a detail, which may quote a value as long as the message


class Reason(StrEnum):
    """Reasons for a refusal. The values are in the quarantine, in the metrics and in the documentation."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NOT_FINITE = "not_finite"  # NaN, Infinity, or a number too large to be one
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_TYPE = "unknown_type"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    BAD_VALUE = "bad_value"  # of the right type, outside what the field allows
    BAD_URL = "bad_url"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    BAD_ID = "bad_id"  # too long, or control characters
    BAD_MONEY = "bad_money"  # not decimal text, signed, or with more digits than are kept
    BAD_CURRENCY = "bad_currency"  # not three letters
    BAD_TIME = "bad_time"
    NO_ZONE = "no_zone"  # a time of day without its zone
    UNMAPPABLE = "unmappable"  # a webhook's genuine request of which its adapter can make no touch
    FAULT = "fault"  # a defect of Touchline, not of the producer: kept for a replay
    UNREADABLE = "unreadable"  # a record of `activity` that cannot be decoded
    REFUSED_BY_STORE = "refused_by_store"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A refusal. `detail` names the field and what is wrong with it, so that a producer can correct it.

    It is cut to DETAIL_CHARS.
    """

    reason: Reason
    detail: str

    def __post_init__(self) -> None:
        if len(self.detail) > DETAIL_CHARS:
            object.__setattr__(self, "detail", self.detail[: DETAIL_CHARS - 1] + "…")
