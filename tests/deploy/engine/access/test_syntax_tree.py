"""A statement's tree, from the engine's own parser; statements of kinds without one are refused."""

from collections.abc import Mapping

import pytest

from deploy.engine.access.syntax_tree import NoTreeError, Syntax, read_syntax

TREE = '{"type": "SelectWithUnionQuery"}'
ENGINES = {"shop": "Atomic"}


class Parser:
    """Answers as the engine does: with a tree, with a text of the statement, or with an error."""

    def __init__(
        self, tree: str = TREE, whole: bool = True, text: str = "", without_tree: tuple[str, ...] = ()
    ) -> None:
        self.asked: list[str] = []
        self._tree, self._whole, self._text, self._without_tree = tree, whole, text, without_tree

    def __call__(self, query: str, parameters: Mapping[str, str]) -> list[object]:
        if query.startswith("SELECT mapFromArrays"):
            return [ENGINES]
        if "parseQueryToJSON" not in query:
            return [self._text]
        self.asked.append(parameters["sql"])
        if parameters["sql"] in self._without_tree:
            raise RuntimeError("this query does not support JSON serialization")
        return [self._tree, *(("", "") if self._whole else ("SELECT 1", "SELECT 1 INTO OUTFILE 'x'")), ENGINES]


def test_a_select_has_a_tree() -> None:
    assert read_syntax(Parser(), "SELECT 1") == Syntax({"type": "SelectWithUnionQuery"}, ENGINES, True)


def test_a_describe_has_the_tree_of_its_operand_and_is_no_select() -> None:
    parser = Parser(text="DESCRIBE TABLE shop.kept", without_tree=("DESC kept",))
    assert read_syntax(parser, "DESC kept") == Syntax({"type": "SelectWithUnionQuery"}, ENGINES, False)
    assert parser.asked == ["DESC kept", "SELECT * FROM shop.kept"]


def test_a_statement_that_names_nothing_needs_no_tree() -> None:
    assert read_syntax(Parser(text="SHOW ENGINES", without_tree=("show engines",)), "show engines") == Syntax(
        {}, ENGINES
    )


@pytest.mark.parametrize(
    ("parser", "reason"),
    [
        (Parser(text="SYSTEM SHUTDOWN NOW PLEASE", without_tree=("sql",)), "SYSTEM SHUTDOWN NOW"),
        (Parser(whole=False), "statement of this form"),
        (Parser(tree="[]"), "statement of this form"),
        (Parser(tree="[" * 100_000), "statement nested so deeply"),
    ],
)
def test_what_cannot_be_judged_is_refused(parser: Parser, reason: str) -> None:
    with pytest.raises(NoTreeError, match=reason):
        read_syntax(parser, "sql")


def test_a_statement_that_does_not_parse_is_the_engines_error() -> None:
    def ask(query: str, parameters: Mapping[str, str]) -> list[object]:
        raise RuntimeError("Syntax error: failed at position 1")

    with pytest.raises(RuntimeError, match="Syntax error"):
        read_syntax(ask, "SELEKT")
