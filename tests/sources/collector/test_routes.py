"""Routes: the whole path decides, and a part in braces takes any text without a slash."""

import pytest

from sources.collector.routes import ROUTES, Route, Router, no_endpoint

ROUTER = Router(
    {
        "/i": Route("snowplow", frozenset({"GET"})),
        "/v1/i": Route("identify", frozenset({"POST"})),
        "/v1/projects/{key}/settings": Route("settings", frozenset({"GET"})),
    }
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/i", "snowplow"),
        ("/v1/i", "identify"),
        ("/v1/projects/abc/settings", "settings"),
        ("/v1/projects//settings", None),
        ("/v1/projects/a/b/settings", None),
        ("/v1/i/", None),
        ("//v1/i", None),
        ("/v1/../v1/i", None),
        ("", None),
        ("/", None),
        ("/V1/I", None),
    ],
)
def test_the_whole_path_selects_the_route(path: str, name: str | None) -> None:
    route = ROUTER.find(path)
    assert (route and route.name) == name


def test_all_routes_have_an_endpoint_and_methods() -> None:
    assert all(route.methods and route.endpoint is not no_endpoint for route in ROUTES.values())
