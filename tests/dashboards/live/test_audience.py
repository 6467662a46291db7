"""What each audience sees."""

from dataclasses import asdict
from typing import Any

import pytest

from dashboards.live.audience import Audience, shown_to
from dashboards.live.messages import Counts, Hello, Hot, Message, Pipeline, Scores, Touches
from tests.dashboards.live.samples import HELLO, HOT, MESSAGES, PIPELINE, SECRETS, hide


def texts(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for one in value.items() for part in one for text in texts(part)}
    if isinstance(value, list | tuple):
        return {text for one in value for text in texts(one)}
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_masked_viewers_see_no_identifier_and_no_free_text(message: Message) -> None:
    shown = shown_to(Audience.MASKED, message, hide)
    assert shown is not None
    assert not texts(asdict(shown)) & SECRETS
    assert shown_to(Audience.CLEAR, message, hide) is message


def test_masked_touches_have_words_without_values() -> None:
    shown = shown_to(Audience.MASKED, HELLO, hide)
    assert isinstance(shown, Hello)
    assert (shown.newest[0].title, shown.newest[0].detail) == ("Viewed a page", "")


def test_viewers_of_figures_get_no_customers() -> None:
    assert HELLO.hot == HOT
    seen = {type(message): shown_to(Audience.FIGURES, message, hide) for message in MESSAGES}
    assert [seen[kind] for kind in (Touches, Scores, Hot)] == [None, None, None]
    assert seen[Counts] is not None
    assert seen[Pipeline] == PIPELINE
    hello = seen[Hello]
    assert isinstance(hello, Hello)
    assert (hello.newest, hello.hot, hello.bins) == ([], None, HELLO.bins)
