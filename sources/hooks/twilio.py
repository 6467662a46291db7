"""Twilio: status callbacks of calls.

Signature: www.twilio.com/docs/usage/webhooks/webhooks-security, and the request validator of the package twilio
9.13.0. Twilio signs the URL and the decoded fields of a form; a JSON body by its hash in the URL. The header
`X-Twilio-Webhooks-Signature-Settings` names a key and an algorithm other than the account's token and SHA-1.

A touch is made of the last state of a call, which names its end and its length. A call within `<Dial>` is a call of
its own: it is a touch only if it comes from one of your numbers, since a call that is passed on to your people has
been reported as the call that they got. Messages are not mapped, since their callbacks have no time.

Options: `own_numbers`.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Final, Literal
from urllib.parse import urlsplit

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.own_numbers import OPTION, is_own
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac, signed_form
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import without_empty
from sources.payloads.event_times import MS_PER_S, rfc2822_ms
from sources.payloads.shown_texts import label_of

_ALGORITHMS: Final[dict[str, Literal["sha1", "sha256"]]] = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_PORTS: Final = {"https": ":443", "http": ":80"}
_MISSED: Final = frozenset({"busy", "no-answer", "canceled", "failed"})
_NO_NUMBER: Final = ("client:", "sip:")  # of people who talk in a browser or by the company's own telephones
_LONGEST_CALL_S: Final = 7 * 86_400


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the secrets has signed URL and body. Twilio documents no tolerance of time."""
    algorithm = _ALGORITHMS.get(_algorithm_of(request.headers.get("x-twilio-webhooks-signature-settings", "")))
    if algorithm is None:
        return Verdict.FORGED
    fields = request.form_fields()
    if "bodySHA256" in request.query:
        digest = sha256(request.body).hexdigest()
        if not compare_digest(digest.encode(), request.query["bodySHA256"].encode("utf-8", "surrogatepass")):
            return Verdict.FORGED
        fields = []
    signature = request.headers.get("x-twilio-signature", "")
    genuine = [
        matches_hmac(source.secrets, signed_form(url, fields), signature, algorithm, "base64")
        for url in _spellings(request.url)
    ]
    return Verdict.GENUINE if any(genuine) else Verdict.FORGED


def _algorithm_of(settings: str) -> str:
    """Return the algorithm of `key=...,algorithm=...`: HMAC_SHA1 if none is named."""
    named = (part.partition("=")[2].strip() for part in settings.split(",") if part.strip().startswith("algorithm="))
    return (next(named, "") or "HMAC_SHA1").upper()


def _spellings(url: str) -> Iterator[str]:
    """Yield the URL with and without its port: Twilio signs either."""
    yield url
    parts = urlsplit(url)
    host, colon, port = parts.netloc.rpartition(":")
    if colon and port.isdigit():
        yield url.replace(parts.netloc, host, 1)
    elif parts.scheme in _PORTS:
        yield url.replace(parts.netloc, parts.netloc + _PORTS[parts.scheme], 1)


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a call that has ended."""
    fields = dict(request.form_fields())
    if not fields.get("CallSid"):
        return () if fields.get("MessageSid") or fields.get("SmsSid") else Unmappable("no CallSid among the fields")
    kind, direction, customer = _type_of(fields), _direction_of(fields, source.options), _customer_of(fields)
    if not kind or not direction or customer.startswith(_NO_NUMBER) or is_own(customer, source.options):
        return ()
    ended_at_ms, duration_s = rfc2822_ms(fields.get("Timestamp")), _seconds(fields.get("CallDuration", ""))
    if ended_at_ms is None:
        return Unmappable("a call that has ended lacks its Timestamp")
    line = fields.get("To" if direction == "inbound" else "From", "")
    return [
        Collected(
            "calls",
            without_empty(
                {
                    "event_id": composed_id(fields["CallSid"]),
                    "type": kind,
                    "occurred_at": ended_at_ms - duration_s * MS_PER_S,
                    "direction": direction,
                    "phone": customer,
                    "duration_s": duration_s if kind == "answered" else None,
                    "outcome": label_of(fields["CallStatus"]),
                    "queue": "" if line.startswith(_NO_NUMBER) else label_of(line),
                }
            ),
        )
    ]


def _type_of(fields: Mapping[str, str]) -> str:
    """Return the type of a touch, '' while the call goes on."""
    status = fields.get("CallStatus", "")
    if status == "completed":
        return "voicemail" if fields.get("AnsweredBy", "").startswith("machine") else "answered"
    return "missed" if status in _MISSED else ""


def _direction_of(fields: Mapping[str, str], options: Mapping[str, str]) -> str:
    """Return the direction of a call with a customer, '' for the leg of a call that is reported itself."""
    direction = fields.get("Direction", "")
    if fields.get("ParentCallSid") or direction == "outbound-dial":
        return "outbound" if is_own(fields.get("From", ""), options) else ""
    return direction.partition("-")[0] if direction in ("inbound", "outbound-api") else ""


def _customer_of(fields: Mapping[str, str]) -> str:
    return fields.get("From" if fields.get("Direction") == "inbound" else "To", "")


def _seconds(text: str) -> int:
    return min(int(text), _LONGEST_CALL_S) if text.isascii() and text.isdigit() and len(text) < 10 else 0


PROVIDER: Final = Provider("twilio", verify, map_request, signs_url=True, options=(OPTION,))
