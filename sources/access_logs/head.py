"""The fields before the time in a line of the common format: a virtual host, the client, and the user.

The usual form is `%h %l %u`. A virtual host (`%v:%p`) may come first, or an `X-Forwarded-For` list may replace the
client. A name is a virtual host if the client's address follows it, and otherwise the client.
"""

import re
from typing import NamedTuple

from sources.access_logs.addresses import Client, first_public, read_address, read_client
from sources.access_logs.request import Unreadable, unescape

_PORT = re.compile(r":\d{1,5}\Z")
_WITH_PORT = re.compile(r"[^\s:\[\]]++:\d{1,5}\Z")
_SPACED = "addresses without a comma between them: say which one is the client's with a --format like '%a %h %l %u …'"


class Head(NamedTuple):
    """`virtual_host` is empty if the line has none, `user` if the log has `-`."""

    virtual_host: str
    client: Client
    user: str


def read_head(text: str, virtual_host: bool) -> Head | Unreadable:
    """Read the fields of `text`. `virtual_host`: whether the format begins with one."""
    tokens = text.split(" ")
    if virtual_host:
        site = tokens.pop(0)
        if not tokens or (read_address(site) and not _WITH_PORT.match(site) and not read_address(tokens[0])):
            return Unreadable("other_format", f"no virtual host before the client: {text[:60]!r}")
    else:
        site = ""
        if has_virtual_host(tokens):
            return Unreadable("other_format", f"a virtual host before the client: {text[:60]!r}")
    client, used = _client(tokens)
    if isinstance(client, Unreadable):
        return client
    site = site or host_from_ident(tokens[used] if used < len(tokens) else "")
    user = " ".join(tokens[used + 1 :])
    return Head(site, client, "" if user in ("", "-", '""') else unescape(user))


def has_virtual_host(tokens: list[str]) -> bool:
    """Return whether the tokens begin with a host name, with or without a port, and the client's address follows."""
    if len(tokens) < 3 or read_address(tokens[0]):
        return False
    named = read_client(_PORT.sub("", tokens[0])) is not None or tokens[0] in ("_", "*")
    return named and (read_address(tokens[1].partition(",")[0]) is not None)


def host_from_ident(ident: str) -> str:
    """Return the virtual host if the log has it in place of the ident, or ''.

    This is lighttpd's default, `%h %V %u` (https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_accesslog).
    """
    if "." not in ident:
        return ""
    named = read_client(_PORT.sub("", ident))
    return ident if named is not None and not named.is_address else ""


def _client(tokens: list[str]) -> tuple[Client | Unreadable, int]:
    """Return the client and the number of its tokens."""
    listed, used, gaps = _addresses(tokens)
    commas = any("," in one for one in tokens[:used])
    if listed:
        public = {one for one in listed if one.is_public}
        if gaps and not commas and len(public) != 1 and len(set(listed)) > 1:
            return Unreadable("no_client", f"{' '.join(tokens[:used])[:80]!r} are {_SPACED}"), used
        chosen = first_public(listed)
        assert chosen is not None
        return chosen, used
    client = read_client(tokens[0])
    certain = len(tokens) == 3 or (len(tokens) > 3 and tokens[1] == "-")
    if client is None or not certain:
        return Unreadable("no_client", f"the line does not begin with a client's address: {' '.join(tokens)[:80]!r}"), 0
    return client, 1


def _addresses(tokens: list[str]) -> tuple[list[Client], int, int]:
    """Return (the leading addresses, the number of their tokens, how many follow another one without a comma)."""
    found: list[Client] = []
    gaps = used = 0
    comma = False
    for n, token in enumerate(tokens):
        items = [one for one in token.strip('"').split(",") if one]
        clients = [one for one in map(read_address, items) if one is not None]
        in_list = comma or token.rstrip('"').endswith(",")
        if len(clients) < len(items) and not in_list and not (n == 0 and token == "-" and len(tokens) > 3):
            break
        if not items:
            break
        gaps += bool(found and not comma and clients)
        found += clients
        used = n + 1
        comma = token.rstrip('"').endswith(",")
    return found, used if found else 0, gaps
