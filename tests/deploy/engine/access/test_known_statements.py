"""A statement that is asked again keeps its tree, and the databases are read each time."""

from collections.abc import Mapping

import pytest

from deploy.engine.access.known_statements import LONGEST, MOST_CHARACTERS, KnownStatements
from deploy.engine.access.syntax_tree import NoTreeError
from tests.deploy.engine.access.test_syntax_tree import ENGINES, Parser


class Databases(Parser):
    """Knows how often the databases were read."""

    read = 0

    def __call__(self, query: str, parameters: Mapping[str, str]) -> list[object]:
        if query.startswith("SELECT mapFromArrays"):
            self.read += 1
            return [ENGINES]
        return super().__call__(query, parameters)


def test_a_select_is_parsed_once() -> None:
    parser, known = Databases(), KnownStatements()
    first = known.read(parser, "SELECT 1")
    assert [known.read(parser, "SELECT 1") for _ in range(3)] == [first] * 3
    assert parser.asked == ["SELECT 1"]
    assert parser.read == 3


def test_what_was_refused_is_parsed_again() -> None:
    parser, known = Databases(whole=False), KnownStatements()
    for _ in range(2):
        with pytest.raises(NoTreeError):
            known.read(parser, "SELECT 1")
    assert len(parser.asked) == 2


def test_only_what_was_used_last_is_kept() -> None:
    parser, known = Databases(), KnownStatements()
    texts = [str(number).ljust(LONGEST) for number in range(MOST_CHARACTERS // LONGEST + 1)]
    for text in (*texts[:-1], texts[0], texts[-1]):  # the second is the one used least recently at the end
        known.read(parser, text)
    known.read(parser, texts[0])
    assert parser.asked == texts
    known.read(parser, texts[1])
    assert parser.asked == [*texts, texts[1]]


def test_long_statements_are_not_kept() -> None:
    parser, known = Databases(), KnownStatements()
    for _ in range(2):
        known.read(parser, "x" * (LONGEST + 1))
    assert len(parser.asked) == 2
