"""A table of roles and rights, written out once more."""

import pytest

from dashboards.api.security.roles import ROLES, Right, Role, Viewer

TABLE: dict[Right, tuple[Role, ...]] = {
    "figures": ("admin", "analyst", "support", "dashboard"),
    "lists": ("admin", "analyst", "dashboard"),
    "customer": ("admin", "analyst", "support", "dashboard"),
    "search": ("admin", "analyst", "support"),
    "operations": ("admin", "analyst", "dashboard"),
}


@pytest.mark.parametrize("right", TABLE)
def test_who_has_a_right(right: Right) -> None:
    assert tuple(role for role in ROLES if Viewer(role, "t", "main").may(right)) == TABLE[right]


def test_who_is_masked_and_who_is_recorded() -> None:
    viewers = [Viewer(role, "t", "main") for role in ROLES]
    assert [one.role for one in viewers if not one.sees_identifiers] == ["dashboard"]
    assert [one.role for one in viewers if one.is_recorded] == ["support"]
