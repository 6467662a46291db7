"""Signed logins and links."""

from dashboards.api.security.sessions import LINK_MS, SESSION_MS, Sessions, owner_link

SECRET, NOW_MS = b"s" * 32, 1_000_000_000
SESSIONS = Sessions(SECRET, NOW_MS)


def test_a_login_is_read_until_it_expires() -> None:
    cookie = SESSIONS.begin("t1", "analyst", "main", NOW_MS)
    found = SESSIONS.read(cookie, NOW_MS + SESSION_MS - 1)
    assert found is not None
    assert (found.token_id, found.role, found.tenant) == ("t1", "analyst", "main")
    assert SESSIONS.read(cookie, NOW_MS + SESSION_MS) is None


def test_another_secret_or_a_changed_text_is_refused() -> None:
    cookie = SESSIONS.begin("t1", "analyst", "main", NOW_MS)
    assert Sessions(b"t" * 32, NOW_MS).read(cookie, NOW_MS) is None
    for text in ("", ".", "a.b", cookie[:-1], f"A{cookie}", cookie.replace(".", ""), "é.é", owner_link(SECRET, NOW_MS)):
        assert SESSIONS.read(text, NOW_MS) is None


def test_a_link_is_valid_once_and_for_a_short_time() -> None:
    sessions = Sessions(SECRET, NOW_MS)
    code = owner_link(SECRET, NOW_MS + 1, "shop")
    assert sessions.redeem(code, NOW_MS) is None, "signed in the future"
    assert sessions.redeem(code, NOW_MS + LINK_MS + 2) is None
    assert sessions.redeem(code, NOW_MS + LINK_MS) == "shop"
    assert sessions.redeem(code, NOW_MS + LINK_MS) is None
    assert sessions.redeem(SESSIONS.begin("", "admin", "main", NOW_MS), NOW_MS) is None


def test_links_of_before_the_start_are_refused() -> None:
    assert Sessions(SECRET, NOW_MS).redeem(owner_link(SECRET, NOW_MS - 1), NOW_MS) is None


def test_a_form_token_belongs_to_one_login() -> None:
    token = SESSIONS.csrf_token("a")
    assert SESSIONS.check_csrf("a", token)
    assert not SESSIONS.check_csrf("b", token)
    assert not SESSIONS.check_csrf("a", "é")
