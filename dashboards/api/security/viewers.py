"""The viewer of a request: by the token of its header, or by the login of its cookie."""

from typing import Final

from starlette.requests import Request

from dashboards.api.problem import ProblemError, not_signed_in, token_not_valid
from dashboards.api.security.roles import Viewer
from dashboards.api.security.sessions import COOKIE
from dashboards.api.security.tokens import TokenDirectory
from dashboards.api.services import ApiServices

OWNER: Final = "owner"  # the id of who logged in by a link, for whom there is no token


def viewer_of(request: Request, services: ApiServices) -> Viewer:
    """Return who sent a request. Raises ProblemError if nothing valid says so."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise not_signed_in()
        return viewer_by_token(services.tokens, token.strip())
    return _by_cookie(request.cookies.get(COOKIE, ""), services)


def viewer_by_token(tokens: TokenDirectory, token: str) -> Viewer:
    """Return the viewer of a token. Raises ProblemError."""
    found = tokens.find(token)
    if found is None:
        raise _not_ready(tokens) or token_not_valid()
    return Viewer(found.role, found.token_id, found.tenant, found.name)


def _by_cookie(cookie: str, services: ApiServices) -> Viewer:
    session = services.sessions.read(cookie, services.now_ms()) if cookie else None
    if session is None:
        raise not_signed_in()
    if not session.token_id:
        return Viewer(session.role, OWNER, session.tenant, OWNER, session.session_id)
    token = services.tokens.find_id(session.token_id)
    if token is None:  # revoked since the login
        raise _not_ready(services.tokens) or not_signed_in()
    return Viewer(token.role, token.token_id, token.tenant, token.name, session.session_id)


def _not_ready(tokens: TokenDirectory) -> ProblemError | None:
    why = tokens.ready()
    if why is None:
        return None
    return ProblemError(
        503, "tokens-unknown", "Tokens cannot be checked yet", f"{why[:1].upper()}{why[1:]}.", retry_s=2
    )
