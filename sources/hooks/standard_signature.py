"""The signature of Standard Webhooks, which Svix and others send, too.

Specification: github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. A secret is
`whsec_` and base64. The header has one signature or more, of which any may match, and each retry is signed anew. Five
minutes are what the reference libraries tolerate.
"""

from base64 import b64decode
from collections.abc import Sequence
from typing import Final

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.signatures import is_recent, matches_hmac

TOLERANCE_S: Final = 300
_PREFIX: Final = "whsec_"
_MOST_SIGNATURES: Final = 16


def verify_standard(request: HookRequest, source: HookSource, names: str = "webhook") -> Verdict:
    """Return whether one of the secrets has signed id, time and body, within the tolerance.

    `names`: the beginning of the names of the headers, `svix` for Svix.
    """
    message_id, time = request.headers.get(f"{names}-id", ""), request.headers.get(f"{names}-timestamp", "")
    keys = [key for secret in source.secrets if (key := read_key(secret))]
    message = f"{message_id}.{time}.".encode("utf-8", "surrogatepass") + request.body
    signatures = request.headers.get(f"{names}-signature", "").split(" ")[:_MOST_SIGNATURES]
    genuine = [matches_hmac(keys, message, one, encoding="base64", prefix="v1,") for one in signatures]
    if not message_id or not any(genuine):
        return Verdict.FORGED
    return Verdict.GENUINE if is_recent(time, request.received_at_ms, TOLERANCE_S) else Verdict.STALE


def read_key(secret: str) -> bytes:
    """Return the key of a secret, no bytes for a text that is none."""
    try:
        return b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        return b""


def check_keys(source: HookSource) -> str:
    """Return which secret is no key."""
    wrong: Sequence[int] = [n for n, secret in enumerate(source.secrets, 1) if not read_key(secret)]
    return f"secret {wrong[0]} is no signing secret: it is whsec_ and base64" if wrong else ""
