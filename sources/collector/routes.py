"""The table of paths: one line for each endpoint. A request is routed by its whole path."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sources.collector.config import HOOK_BODY_BYTES, NATIVE_BODY_BYTES, SEGMENT_BODY_BYTES
from sources.collector.endpoints import posthog, segment, snowplow
from sources.collector.endpoints.demo import answer_demo
from sources.collector.endpoints.health import answer_live, answer_ready
from sources.collector.endpoints.hooks import receive_hook
from sources.collector.endpoints.pixel import receive_pixel
from sources.collector.endpoints.touches import receive_touches
from sources.collector.endpoints.tracker import answer_script
from sources.collector.openapi import answer_openapi
from sources.collector.request import Answer, Request
from sources.collector.services import Endpoint, Services

_GET: Final = frozenset({"GET", "HEAD"})
_POST: Final = frozenset({"POST"})
_ANY: Final = _GET | _POST


async def no_endpoint(request: Request, services: Services) -> Answer:
    """Raise LookupError: a route without methods reaches no endpoint."""
    raise LookupError(request.path)


class Route(NamedTuple):
    """An endpoint with its limits. `name` is its label in metrics and the access log, where paths may hold keys."""

    name: str
    methods: frozenset[str]
    endpoint: Endpoint = no_endpoint
    body_bytes: int = 0  # the largest body; 0: the endpoint reads none
    too_large_status: int | None = None  # where clients repeat a request after 413


def _segment(kind: str) -> Route:
    return Route(f"segment_{kind}", _POST, segment.receive(kind), SEGMENT_BODY_BYTES)


ROUTES: Final[Mapping[str, Route]] = {
    "/v1/touches": Route("touches", _POST, receive_touches, NATIVE_BODY_BYTES),
    "/v1/beacon": Route("beacon", _POST, receive_touches, NATIVE_BODY_BYTES),
    "/v1/pixel.gif": Route("pixel", _GET, receive_pixel),
    "/demo": Route("demo", _GET, answer_demo),
    "/demo/{page}": Route("demo", _GET, answer_demo),
    "/t.js": Route("tracker", _GET, answer_script),
    "/openapi.json": Route("openapi", _GET, answer_openapi),
    "/v1/batch": _segment("batch"),
    "/v1/import": _segment("batch"),
    "/beacon/v1/batch": _segment("batch"),
    "/v1/track": _segment("track"),
    "/v1/page": _segment("page"),
    "/v1/screen": _segment("screen"),
    "/v1/identify": _segment("identify"),
    "/v1/group": _segment("group"),
    "/v1/alias": _segment("alias"),
    # Segment's browser SDK uses the first letter of the type.
    "/v1/t": _segment("track"),
    "/v1/p": _segment("page"),
    "/v1/s": _segment("screen"),
    "/v1/i": _segment("identify"),
    "/v1/g": _segment("group"),
    "/v1/a": _segment("alias"),
    "/v1/b": _segment("batch"),
    "/v1/m": Route("segment_metrics", _POST, segment.receive_metrics, NATIVE_BODY_BYTES),
    "/v1/projects/{key}/settings": Route("segment_settings", _GET, segment.answer_settings),
    "/sourceConfig": Route("rudderstack_config", _GET, segment.answer_source_config),
    "/sourceConfig/": Route("rudderstack_config", _GET, segment.answer_source_config),
    "/com.snowplowanalytics.snowplow/tp2": Route(
        "snowplow_tp2", _POST, snowplow.receive_tp2, NATIVE_BODY_BYTES, too_large_status=400
    ),
    "/i": Route("snowplow_pixel", _GET, snowplow.receive_pixel),
    "/batch/": Route("posthog_batch", _POST, posthog.receive_events, SEGMENT_BODY_BYTES),
    "/capture/": Route("posthog_capture", _POST, posthog.receive_events, SEGMENT_BODY_BYTES),
    # Providers check an address with GET or HEAD.
    "/v1/hooks/{provider}/{source}": Route("hooks", _ANY, receive_hook, HOOK_BODY_BYTES),
    "/live": Route("live", _GET, answer_live),
    "/ready": Route("ready", _GET, answer_ready),
}
"""Routes by path. A part in braces takes any text without a slash: `/v1/projects/{key}/settings`."""


class Router:
    """Finds the route of a path."""

    def __init__(self, routes: Mapping[str, Route] = ROUTES) -> None:
        self._exact = {path: route for path, route in routes.items() if "{" not in path}
        self._patterns = [(path.split("/"), route) for path, route in routes.items() if "{" in path]

    def find(self, path: str) -> Route | None:
        """Return the route of a path, or None."""
        return self._exact.get(path) or self._match(path)

    def _match(self, path: str) -> Route | None:
        parts = path.split("/")
        for pattern, route in self._patterns:
            if len(pattern) == len(parts) and all(
                part == wanted or (part and wanted.startswith("{")) for part, wanted in zip(parts, pattern, strict=True)
            ):
                return route
        return None
