"""A password is compared with its hash."""

import pytest

from deploy.engine.http.auth import User, authenticate
from deploy.engine.http.password_hash import PasswordHash

USERS = {
    "a": User("a", PasswordHash.of("pässword"), False, "default"),
    "open": User("open", PasswordHash.of(""), True, "shop"),
}


@pytest.mark.parametrize(
    ("claim", "name"),
    [(("a", "pässword"), "a"), (("a", ""), None), (("a", "p"), None), (("b", ""), None),
     (("open", ""), "open"), (None, None)],
)  # fmt: skip
def test_only_the_right_name_and_password_are_accepted(claim: tuple[str, str] | None, name: str | None) -> None:
    user = authenticate(USERS, claim)
    assert (user.name if user else None) == name
