"""Registration of endpoints."""

from fastapi import APIRouter

from dashboards.api.routes import reads


async def endpoint() -> None:
    """Do nothing."""


def test_an_endpoint_is_there_as_json_and_csv() -> None:
    router = APIRouter()
    assert reads(router, "/a", returns=list[int], summary="A", example=[1])(endpoint) is endpoint
    assert [route.path for route in router.routes] == ["/a", "/a.csv"]  # type: ignore[attr-defined]


def test_an_endpoint_without_rows_has_no_csv() -> None:
    router = APIRouter()
    reads(router, "/a", returns=int, summary="A", csv=False)(endpoint)
    assert [route.path for route in router.routes] == ["/a"]  # type: ignore[attr-defined]
