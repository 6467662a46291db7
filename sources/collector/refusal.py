"""Refusals of whole requests, with a closed list of reasons. Each is counted and answered in the same form."""

from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from sources.collector.request import Answer


class RefusalReason(StrEnum):
    """Why a request is refused. The values are in answers, in the metrics and in the documentation."""

    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BAD_REQUEST = "bad_request"
    NO_KEY = "no_key"
    UNKNOWN_KEY = "unknown_key"  # or revoked: the answer does not tell which
    NOT_ACCEPTED = "not_accepted"  # of a webhook: unknown, forged or stale, which the answer does not tell
    ORIGIN_NOT_ALLOWED = "origin_not_allowed"
    RATE_LIMITED = "rate_limited"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_DEEP = "too_deep"
    BAD_ENCODING = "bad_encoding"
    NOT_JSON = "not_json"
    SINK_UNAVAILABLE = "sink_unavailable"
    HEAD_TOO_LARGE = "head_too_large"
    BAD_HTTP = "bad_http"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    DISCONNECTED = "disconnected"  # the client left before its request was complete
    FAULT = "fault"  # a defect of the collector


STATUS: Final = {
    RefusalReason.NOT_FOUND: 404,
    RefusalReason.METHOD_NOT_ALLOWED: 405,
    RefusalReason.BAD_REQUEST: 400,
    RefusalReason.NO_KEY: 401,
    RefusalReason.UNKNOWN_KEY: 401,
    RefusalReason.NOT_ACCEPTED: 401,
    RefusalReason.ORIGIN_NOT_ALLOWED: 403,
    RefusalReason.RATE_LIMITED: 429,
    RefusalReason.TOO_LARGE: 413,
    RefusalReason.TOO_SLOW: 408,
    RefusalReason.TOO_DEEP: 400,
    RefusalReason.BAD_ENCODING: 415,
    RefusalReason.NOT_JSON: 400,
    RefusalReason.SINK_UNAVAILABLE: 503,
    RefusalReason.HEAD_TOO_LARGE: 431,
    RefusalReason.BAD_HTTP: 400,
    RefusalReason.TOO_MANY_CONNECTIONS: 503,
    RefusalReason.DISCONNECTED: 400,
    RefusalReason.FAULT: 500,
}
_encode: Final = msgspec.json.Encoder().encode


class Refusal(NamedTuple):
    """A refusal of a request. `detail` says what is wrong and what to do, without values of the request."""

    reason: RefusalReason
    detail: str
    retry_after_s: int = 0  # 0: the answer names no time
    key_id: str = ""  # of the write key, for the access log


def answer_refusal(refusal: Refusal, status: int | None = None) -> Answer:
    """Return a refusal as JSON. `status` replaces the reason's usual one where clients misread that."""
    headers = ((b"retry-after", b"%d" % refusal.retry_after_s),) if refusal.retry_after_s else ()
    body = _encode({"error": refusal.reason.value, "detail": refusal.detail})
    return Answer(STATUS[refusal.reason] if status is None else status, body, headers=headers, key_id=refusal.key_id)
