"""Envelope senders that mail systems rewrite, and the original address in them.

BATV signs a sender anew each day (draft-levine-smtp-batv: `prvs=4123abcd12=ada@example.org`; Barracuda writes `btv1==`,
Microsoft `msprvs1=`); SRS wraps it at a forwarder (`SRS0=hash=day=example.org=ada@forwarder`, and `SRS1=` at the next).
Without unwrapping, each mail would be from a person of its own. Bounce addresses that contain the recipient (VERP) are
kept: their form differs between systems.
"""

from re import compile as pattern
from typing import Final

_TAG: Final = pattern(r"[0-9]{4}[0-9a-f]{6}").fullmatch  # a digit for the key, three for the day, six of the hash
_batv: Final = pattern(r"(?:ms|sim)?prvs[0-9]?=([^=]+)[=/](.+)").fullmatch
_barracuda: Final = pattern(r"btv1=+[^=]+=+(.+)").fullmatch
_srs0: Final = pattern(r"srs0[=+-][^=]+=[^=]+=([^=]+)=(.+)").fullmatch
_srs1: Final = pattern(r"srs1[=+-][^=]+=[^=]+=[=+-][^=]+=[^=]+=([^=]+)=(.+)").fullmatch


def sender_of(name: str, domain: str) -> tuple[str, str]:
    """Return (local part, domain) of the original sender of an address in lower case.

    For an address that is not rewritten these are its own parts.
    """
    while True:
        if found := _batv(name):
            # An early draft had the tag behind the name.
            name = found[1] if _TAG(found[2]) and not _TAG(found[1]) else found[2]
        elif found := _barracuda(name):
            name = found[1]
        elif found := _srs0(name) or _srs1(name):
            domain, name = found[1], found[2]
        else:
            return name, domain
