"""Any system that signs by Standard Webhooks: a mapping of yours says which touches its body becomes."""

from collections.abc import Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.mapped_fields import map_body
from sources.hooks.provider import HookSource, Provider, Unmappable
from sources.hooks.standard_signature import check_keys, verify_standard
from sources.hooks.toml_mapping import OPTION, check_mapping, rules_of

_ID: Final = "webhook-id"


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touches by the mapping; the id of the message is the same in every retry."""
    return map_body(rules_of(source.options.get(OPTION, "")), request, request.headers.get(_ID, ""))


def check(source: HookSource) -> str:
    """Return what is wrong with the secrets or the mapping."""
    return check_keys(source) or check_mapping(source.options.get(OPTION, ""))


PROVIDER: Final = Provider(
    "standard",
    verify_standard,
    map_request,
    kept_headers=(_ID,),
    options=(OPTION,),
    file_options=(OPTION,),
    check=check,
)
