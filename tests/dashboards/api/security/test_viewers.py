"""Viewers by token and by login; a revoked token ends its logins."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
import requests

from dashboards.api.problem import ProblemError
from dashboards.api.reader.async_clickhouse import Server
from dashboards.api.security.viewers import viewer_by_token
from tests.dashboards.api.running import RunningApi, TokenList, make_services, serving, tokens_of_roles


@pytest.fixture
def own_tokens(server: Server) -> Iterator[tuple[RunningApi, TokenList]]:
    tokens = tokens_of_roles()
    with serving(lambda: replace(make_services(server, lambda: 1_000, 7_000), tokens=tokens)) as running:
        yield running, tokens


def test_a_revoked_token_ends_its_logins(own_tokens: tuple[RunningApi, TokenList]) -> None:
    api, tokens = own_tokens
    cookies = api.post("/login", None, {"token": "token-admin"}).cookies
    assert requests.get(f"{api.url}/v1/top", cookies=cookies, timeout=60).status_code == 200
    tokens.tokens["token-admin"] = msgspec.structs.replace(tokens.tokens["token-admin"], revoked=True)
    assert requests.get(f"{api.url}/v1/top", cookies=cookies, timeout=60).status_code == 401
    assert api.get("/v1/top", "admin").status_code == 401


def test_a_viewer_has_what_the_token_has() -> None:
    viewer = viewer_by_token(tokens_of_roles("shop"), "token-support")
    assert (viewer.role, viewer.token_id, viewer.tenant, viewer.session) == ("support", "id-support", "shop", "")
    with pytest.raises(ProblemError, match="The token is not valid"):
        viewer_by_token(tokens_of_roles(), "nothing")
