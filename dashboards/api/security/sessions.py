"""Logins: signed cookies, and links that log the owner of a local system in once.

Both are signed with the secret of the API, so that no process has to remember sessions, and a restart ends none. A link
is valid once and for a short time. The ids of used ones are kept until they expire; those signed before this process
started are refused, since it cannot know whether they were used.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

import msgspec

from dashboards.api.security.roles import Role

COOKIE: Final = "touchline_session"
SESSION_MS: Final = 30 * 24 * 3_600_000
LINK_MS: Final = 30 * 60_000
SECRET_BYTES: Final = 32


class Session(msgspec.Struct, frozen=True, array_like=True):
    """A login. `token_id`: the token that it was made from; '' for the owner of a local system."""

    session_id: str
    token_id: str
    role: Role
    tenant: str
    expires_ms: int


class _Link(msgspec.Struct, frozen=True, array_like=True):
    link_id: str
    tenant: str
    made_ms: int


_encode: Final = msgspec.msgpack.Encoder().encode
_decode_session: Final = msgspec.msgpack.Decoder(Session).decode
_decode_link: Final = msgspec.msgpack.Decoder(_Link).decode


def owner_link(secret: bytes, now_ms: int, tenant: str = "main") -> str:
    """Return a code that logs the owner in, once and within `LINK_MS`."""
    return _sign(secret, "link", _encode(_Link(secrets.token_urlsafe(12), tenant, now_ms)))


class Sessions:
    """Makes and reads logins. `started_ms`: when this process started."""

    def __init__(self, secret: bytes, started_ms: int) -> None:
        self._secret = secret
        self._started_ms = started_ms
        self._used: dict[str, int] = {}  # ids of links, until when they would be valid

    def begin(self, token_id: str, role: Role, tenant: str, now_ms: int) -> str:
        """Return the cookie of a new login."""
        session = Session(secrets.token_urlsafe(12), token_id, role, tenant, now_ms + SESSION_MS)
        return _sign(self._secret, "session", _encode(session))

    def read(self, cookie: str, now_ms: int) -> Session | None:
        """Return the login of a cookie; None if it is not ours or has expired."""
        content = _verify(self._secret, "session", cookie)
        try:
            session = None if content is None else _decode_session(content)
        except msgspec.DecodeError:
            return None
        return session if session is not None and now_ms < session.expires_ms else None

    def redeem(self, code: str, now_ms: int) -> str | None:
        """Return the tenant of a link's code, which is used up then; None if it is not valid (any more)."""
        content = _verify(self._secret, "link", code)
        try:
            link = None if content is None else _decode_link(content)
        except msgspec.DecodeError:
            return None
        self._used = {one: until_ms for one, until_ms in self._used.items() if until_ms > now_ms}
        if link is None or link.link_id in self._used:
            return None
        if not max(self._started_ms, now_ms - LINK_MS) <= link.made_ms <= now_ms:
            return None
        self._used[link.link_id] = link.made_ms + LINK_MS
        return link.tenant

    def csrf_token(self, session_id: str) -> str:
        """Return the token that a form of a login has to send back."""
        return _digest(self._secret, "csrf", session_id.encode())

    def check_csrf(self, session_id: str, token: str) -> bool:
        """Return whether a form's token is that of the login."""
        return hmac.compare_digest(self.csrf_token(session_id).encode(), token.encode("utf-8", "replace"))


def _digest(secret: bytes, purpose: str, content: bytes) -> str:
    found = hmac.digest(secret, purpose.encode() + b"\0" + content, hashlib.sha256)
    return urlsafe_b64encode(found).decode().rstrip("=")


def _sign(secret: bytes, purpose: str, content: bytes) -> str:
    return f"{urlsafe_b64encode(content).decode().rstrip('=')}.{_digest(secret, purpose, content)}"


def _verify(secret: bytes, purpose: str, text: str) -> bytes | None:
    """Return the content of a signed text; None if its signature is wrong."""
    encoded, _, digest = text.partition(".")
    try:
        content = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        given = digest.encode("ascii")
    except ValueError:
        return None
    return content if hmac.compare_digest(_digest(secret, purpose, content).encode(), given) else None
