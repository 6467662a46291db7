"""Keys that options name and no line of JSON has."""

from sources.tables.missing_keys import MissingKeys
from sources.tables.reader import TableOptions, read_jsonl


def test_keys_that_no_line_has_are_named() -> None:
    options = TableOptions("emails", {"recipeint": "email", "when": "occurred_at"}, {"direction": "outbound"})
    seen = MissingKeys(options)
    assert seen.problem() == ""
    list(read_jsonl([b'{"recipient": "ada@example.org"}\n', b'{"when": 1}\n'], options, seen))
    assert "no line has the key 'recipeint'" in seen.problem()
    assert "did you mean 'recipient'" in seen.problem()
    list(read_jsonl([b'{"recipeint": null}\n'], options, seen))
    assert seen.problem() == ""
