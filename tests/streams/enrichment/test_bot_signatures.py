"""Words that give a program away are found in its user agent."""

from streams.enrichment.bot_signatures import AMBIGUOUS, PROGRAMS
from streams.enrichment.user_agent import read_device
from tests.streams.enrichment.agents import WINDOWS
from tests.tables import table


@table("word", PROGRAMS)
def test_every_word_can_be_found(word: str) -> None:
    assert word == word.lower()
    assert read_device(f"{WINDOWS} {word}x").bot


@table("word", AMBIGUOUS)
def test_an_ambiguous_word_is_a_programs_alone_or_with_its_version(word: str) -> None:
    assert word == word.lower()
    assert read_device(f"A {word.title()} 2").bot
    assert read_device(f"{WINDOWS} {word.title()}x/1.0").bot
    assert not read_device(f"{WINDOWS} {word.title()} 2").bot
