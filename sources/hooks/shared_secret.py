"""Verification for providers that sign nothing: a secret of yours in each request.

It is the user and password in the address (Basic authentication, a secret written `user:password`), a token after
`Authorization: Bearer`, or the value of the header that the option `header` names.
"""

from typing import Final

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.signatures import matches_basic, matches_secret

OPTION: Final = "header"


def verify_secret(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the request has one of the secrets."""
    authorization = request.headers.get("authorization", "")
    if header := source.options.get(OPTION, ""):
        genuine = matches_secret(source.secrets, request.headers.get(header.lower(), ""))
    elif authorization[:7].lower() == "bearer ":
        genuine = matches_secret(source.secrets, authorization[7:].strip())
    else:
        genuine = matches_basic(source.secrets, authorization)
    return Verdict.GENUINE if genuine else Verdict.FORGED
