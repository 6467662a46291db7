"""Messages of the compacted topic `profiles`: JSON, keyed `tenant|namespace:value`, described in docs/contract.md."""

from typing import Final

import msgspec

from streams.engage.row_values import ProfileValues
from streams.engage.rows import EncodedIdentifier
from streams.records import Headers

VERSION_HEADER: Final = "version"

_FIELDS: Final = ("tenant", "identifier", "version", *ProfileValues.__struct_fields__)
_ProfileMessage: Final = msgspec.defstruct("_ProfileMessage", _FIELDS, gc=False)
_encode: Final = msgspec.json.Encoder().encode
_astuple: Final = msgspec.structs.astuple


def encode_profile(identifier: EncodedIdentifier, values: ProfileValues, version: int) -> bytes:
    """Return the message of a profile: the values of its row in ClickHouse, under the same names.

    The two times are integers here, which their names say: `first_seen_ms` and `last_seen_ms`.
    """
    return _encode(_ProfileMessage(identifier.tenant, identifier.identifier, version, *_astuple(values)))


def profile_headers(value: bytes | None, version: int) -> Headers:
    """Return the headers of a message: a tombstone has its version there, since it has no value that could have it.

    A worker that was paused may send a profile after the tombstone of its successor. Readers compare the versions.
    """
    return [(VERSION_HEADER, b"%d" % version)] if value is None else ()
