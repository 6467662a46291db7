"""Origins from which a browser may send touches with a write key.

An entry lists exact origins (`https://shop.example.org`, with its port unless it is the scheme's default) and patterns
(`*.example.org`: every subdomain at any depth, with http or https on any port, but not `example.org` itself). Origins
are compared in the serialised form of RFC 6454, in which browsers send them.

The limit keeps other sites' pages from using a key that they copied. It is no protection from programs, which can send
any header.
"""

import re
from typing import Final

from sources.collector.keys.entry import KeyEntry

_DEFAULT_PORT: Final = {"http": "80", "https": "443"}
_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_HOST: Final = rf"{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\]"
_ORIGIN: Final = re.compile(rf"(https?)://({_HOST})(?::([0-9]{{1,5}}))?")
_PATTERN: Final = re.compile(rf"\*\.{_LABEL}(?:\.{_LABEL})+")


def read_origin(text: str) -> str | None:
    """Return an origin or a pattern in normal form: lower case, without a default port and a final `/`.

    None means that it is neither. Host names outside ASCII must be given in their `xn--` form, as browsers send them.
    """
    text = text.strip().lower().removesuffix("/")
    if _PATTERN.fullmatch(text):
        return text
    found = _ORIGIN.fullmatch(text)
    return None if found is None else _normal_form(found)


def permits_origin(entry: KeyEntry, origin: bytes | None) -> bool:
    """Return whether a request with this header `Origin` may use the key. Servers send none, and are permitted.

    `null`, which browsers send for files and sandboxed frames, is permitted only where all origins are.
    """
    if not entry.origins or origin is None:
        return True
    found = _ORIGIN.fullmatch(origin.decode("latin-1").lower())
    if found is None:
        return False
    normal, host = _normal_form(found), found[2]
    return any(host.endswith(one[1:]) if one.startswith("*") else normal == one for one in entry.origins)


def _normal_form(found: re.Match[str]) -> str:
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" if port in (None, _DEFAULT_PORT[scheme]) else f"{scheme}://{host}:{port}"
