"""Tokens of a statement: where the data of an INSERT begins, and which format a query names.

This is no SQL parser; the engine has one. Tokens are read like ClickHouse's lexer reads them, lazily and from bytes,
because the data after an INSERT need not be text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(
    rb"""(?P<space>\s+)
    | (?P<comment>--[^\n]* | \#[ !][^\n]*)
    | (?P<open>/\*)
    | (?P<heredoc>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    | (?P<string>'(?:[^'\\]|\\.|'')*')
    | (?P<quoted>"(?:[^"\\]|\\.|"")*" | `(?:[^`\\]|\\.|``)*`)
    | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<number>[0-9][A-Za-z0-9_]*)
    | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(rb"/\*|\*/")
_DATA_AFTER_FORMAT = re.compile(rb"[ \t\f]*(?:;[ \t\f]*)?(?:\r?\n)?")
_RETURNS_ROWS = {"select", "with", "show", "describe", "desc", "explain", "exists", "from", "check"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its bytes, where it starts and ends, and how many brackets enclose it."""

    kind: str
    text: bytes
    start: int
    end: int
    depth: int

    @property
    def word(self) -> str:
        """The token as a lower-case word, "" if it is none."""
        return self.text.decode("ascii").lower() if self.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT: its text before FORMAT or VALUES, the format's name, and the position where the data begins.

    `format` is None if the statement names none. `selects` means that its rows come from a SELECT, and `structure_at`
    is the range of `input(` in that SELECT, if it has one.
    """

    head: bytes
    format: str | None
    data_at: int
    selects: bool
    structure_at: tuple[int, int] | None


def tokens(sql: bytes, *, comments: bool = False) -> Iterator[Token]:
    """Yield tokens from left to right without white space, and without comments unless `comments`."""
    at, depth = 0, 0
    while found := _TOKEN.match(sql, at):
        kind, start, at = str(found.lastgroup), at, found.end()
        if kind == "tag":
            kind = "heredoc"
        if kind == "open":
            kind, at = "comment", _comment_end(sql, at)
        if kind == "space" or (kind == "comment" and not comments):
            continue
        text = sql[start:at]
        depth -= text in (b")", b"]")
        yield Token(kind, text, start, at, depth)
        depth += text in (b"(", b"[")


def _comment_end(sql: bytes, at: int) -> int:
    """Return where the block comment ends whose text begins at `at`. Comments nest; an open one takes all the rest."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(sql, at):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)


def first_word(sql: bytes) -> str:
    """Return the first word of a statement after opening brackets, in lower case; "" if it starts otherwise."""
    return next((token.word for token in tokens(sql) if token.text != b"("), "")


def result_format(sql: bytes) -> str | None:
    """Return the format of a query's FORMAT clause, "" if it has none, None if the statement returns no rows."""
    words = list(tokens(sql))
    if first_word(sql) not in _RETURNS_ROWS or (words and _inserts(words)):
        return None
    named = [after for before, after in pairwise(words) if before.word == "format" and not before.depth]
    return named[-1].text.decode("ascii", "replace") if named and named[-1].kind == "word" else ""


def _inserts(words: Iterable[Token]) -> bool:
    return any(one.word == "insert" and two.word == "into" and not one.depth for one, two in pairwise(words))


def read_insert(sql: bytes) -> Insert | None:
    """Read an INSERT statement (it may begin with WITH, and data may follow it); None for any other statement."""
    word = first_word(sql)
    if word != "insert" and not (word == "with" and _inserts(tokens(sql))):
        return None
    selects, structure_at, before = False, None, None
    for token in tokens(sql):
        here = token.word if token.depth == 0 and before is not None and before.text != b"." else ""
        selects = selects or token.word == "select"
        if token.text == b"(" and before is not None and before.word == "input":
            structure_at = (before.start, token.end)
        if before is not None and before.word == "format" and before.depth == 0 and token.kind == "word":
            found = _DATA_AFTER_FORMAT.match(sql, token.end)
            end = found.end() if found else token.end
            return Insert(sql[: before.start], token.text.decode(), end, selects, structure_at)
        if here == "values" and not selects:
            return Insert(sql[: token.start], "Values", token.end, False, None)
        before = token
    return Insert(sql.rstrip(b"; \t\r\n"), None, len(sql), selects, structure_at)
