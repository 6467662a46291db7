"""The `context` of events of Segment and RudderStack: what of it fills fields of a touch, and what is kept.

The common fields are described at segment.com/docs/connections/spec/common; what clients really send was recorded.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sources.payloads.event_fields import (
    add_campaign,
    contacts_of,
    id_of,
    mapping_of,
    page_address,
    referrer_of,
    screen_size,
    text_of,
    without_empty,
)
from sources.sdks.client import Client

_APP_FIELDS: Final = ("name", "version", "build")
_TAKEN: Final = frozenset(
    {"app", "campaign", "groupId", "ip", "library", "page", "screen", "traits", "userAgent", "userAgentData"}
)
"""Parts of the context that fields take, or that repeat what a field says."""


class Context(NamedTuple):
    """A context, read once for each event.

    `person`: contacts of the traits, as identifiers. `visit`: fields that the channel `visits` has. `library`: fields
    that all channels have. `left`: what no field takes, for the properties.
    """

    library: dict[str, object]
    person: dict[str, object]
    traits: dict[str, object]
    visit: dict[str, object]
    ids: dict[str, object]
    left: dict[str, object]


def read_context(context: Mapping[str, object], properties: Mapping[str, object], client: Client) -> Context:
    """Return what a touch takes of an event's context.

    `properties`: those of a page view, whose `url`, `referrer` and `title` precede those of `context.page`; else empty.
    """
    library = mapping_of(context.get("library"))
    traits = mapping_of(context.get("traits"))
    device = mapping_of(context.get("device"))
    app = mapping_of(context.get("app"))
    name = text_of(library.get("name"))
    if app.get("name") == name:  # RudderStack's browser SDK calls itself the app
        app = {}
    is_visitor = client.is_visitor(name)
    page = _page(context, properties)
    left = {part: value for part, value in context.items() if part not in _TAKEN}
    left["app"] = {part: value for part, value in app.items() if part not in _APP_FIELDS}
    if not page["url"]:
        left["campaign"] = context.get("campaign")
    return Context(
        library=without_empty({"library": name, "library_version": text_of(library.get("version"))}),
        person=contacts_of(traits),
        traits=traits,
        visit=without_empty(
            {
                **page,
                "user_agent": client.user_agent if is_visitor else text_of(context.get("userAgent")),
                "ip": client.ip if is_visitor else text_of(context.get("ip")),
                "screen": _screen(context),
                "app": {part: str(app[part]) for part in _APP_FIELDS if isinstance(app.get(part), str | int)},
                "device_id": id_of(device.get("id")),
            }
        ),
        ids=without_empty({"group": id_of(context.get("groupId"))}),
        left=without_empty(left),
    )


def _page(context: Mapping[str, object], properties: Mapping[str, object]) -> dict[str, object]:
    page = mapping_of(context.get("page"))
    url = page_address(properties.get("url")) or page_address(page.get("url"))
    return {
        "url": add_campaign(url, mapping_of(context.get("campaign"))) if url else "",
        "referrer": referrer_of(properties.get("referrer")) or referrer_of(page.get("referrer")),
        "title": text_of(properties.get("title")) or text_of(page.get("title")),
    }


def _screen(context: Mapping[str, object]) -> str:
    screen = mapping_of(context.get("screen"))
    return screen_size(screen.get("width"), screen.get("height"))
