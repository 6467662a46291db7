"""A webhook's request as adapters read it."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

_MOST_FIELDS = 1_000


class HookRequest(NamedTuple):
    """A webhook's request. Adapters verify `body` before they decode it: signatures cover the bytes as sent."""

    method: str
    url: str  # as the provider called it, behind proxies too; some schemes sign it
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    received_at_ms: int  # since 1970
    certificate: bytes = b""  # PEM, from the provider's `certificate_url`

    def form_fields(self) -> list[tuple[str, str]]:
        """Return the fields of a form in their order, none for a body that is no form."""
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:  # not UTF-8, or too many fields
            return []
