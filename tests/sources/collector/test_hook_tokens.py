"""A token is accepted with one body, and memory is bounded by number and age."""

from sources.collector.hook_tokens import HookTokens

DAY_MS = 24 * 3_600_000


def test_a_token_belongs_to_the_first_body_it_came_with() -> None:
    tokens = HookTokens()
    assert tokens.accepts("mailgun/shop", "t1", b"an open", 0)
    assert tokens.accepts("mailgun/shop", "t1", b"an open", 1)
    assert not tokens.accepts("mailgun/shop", "t1", b"a click", 2)
    assert tokens.accepts("mailgun/shop", "t1", b"an open", 3)
    assert tokens.accepts("mailgun/shop", "t2", b"a click", 4)
    assert tokens.accepts("mailgun/news", "t1", b"a click", 5)


def test_the_oldest_tokens_are_forgotten_first() -> None:
    tokens = HookTokens(most=2)
    for token in ("t1", "t2", "t3"):
        assert tokens.accepts("s", token, b"1", 0)
    assert len(tokens) == 2
    assert not tokens.accepts("s", "t2", b"2", 0)
    assert tokens.accepts("s", "t1", b"2", 0)


def test_tokens_are_forgotten_after_a_day() -> None:
    tokens = HookTokens()
    tokens.accepts("s", "t1", b"1", 0)
    tokens.accepts("s", "t2", b"1", DAY_MS)
    assert len(tokens) == 2
    tokens.accepts("s", "t3", b"1", DAY_MS + 1)
    assert len(tokens) == 2
