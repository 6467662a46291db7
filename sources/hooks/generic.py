"""Any system that can send JSON or a form by HTTP: a mapping of yours says which touches its body becomes.

Verified by a secret in each request (`sources.hooks.shared_secret`), or by an HMAC of the body in the header that the
option `signature_header` names; further options are its `algorithm` (sha256, sha1), `encoding` (hex, base64) and the
`prefix` in front of it.
"""

from collections.abc import Sequence
from typing import Final, Literal

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.mapped_fields import map_body
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.shared_secret import OPTION as HEADER
from sources.hooks.shared_secret import verify_secret
from sources.hooks.signatures import Encoding, matches_hmac
from sources.hooks.toml_mapping import OPTION, check_mapping, rules_of

_ALGORITHMS: Final[dict[str, Literal["sha1", "sha256"]]] = {"sha256": "sha256", "sha1": "sha1"}
_ENCODINGS: Final[dict[str, Encoding]] = {"hex": "hex", "base64": "base64"}


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the secrets has signed the body, or is in the request."""
    options = source.options
    if not (header := options.get("signature_header", "")):
        return verify_secret(request, source)
    genuine = matches_hmac(
        source.secrets,
        request.body,
        request.headers.get(header.lower(), ""),
        _ALGORITHMS[options.get("algorithm", "sha256")],
        _ENCODINGS[options.get("encoding", "hex")],
        options.get("prefix", ""),
    )
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touches by the mapping."""
    return map_body(rules_of(source.options.get(OPTION, "")), request)


def check(source: HookSource) -> str:
    """Return what is wrong with the options and the mapping."""
    for option, known in (("algorithm", list(_ALGORITHMS)), ("encoding", list(_ENCODINGS))):
        if source.options.get(option, known[0]) not in known:
            return f"{option}: use one of {', '.join(known)}"
    return check_mapping(source.options.get(OPTION, ""))


PROVIDER: Final = Provider(
    "generic",
    verify,
    map_request,
    options=(OPTION, HEADER, "signature_header", "algorithm", "encoding", "prefix"),
    file_options=(OPTION,),
    check=check,
)
