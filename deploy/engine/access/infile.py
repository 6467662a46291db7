"""An INSERT with data after it, written so that the engine reads the data from a file.

`INSERT INTO t (a) SETTINGS s = 1 FORMAT TSV` becomes `INSERT INTO t (a) FROM INFILE '/path' SETTINGS s = 1 FORMAT TSV`:
the engine then treats the rows as those of any other INSERT (types of the table's columns, defaults of columns left
out, expressions in VALUES, settings of the statement). The grammar:
https://clickhouse.com/docs/sql-reference/statements/insert-into#inserting-data-from-a-file
"""

from deploy.engine.access.tokenizer import Insert, tokens


def insert_from_file(insert: Insert, form: str, path: str) -> bytes:
    """Return the statement that inserts the file at `path`, whose data are in the format `form`.

    The embedded engine has no `input('structure')` to SELECT from, so the function `file` takes its place.
    """
    if insert.structure_at is not None:
        start, after = insert.structure_at
        return insert.head[:start] + f"file({quoted(path)}, {quoted(form)}, ".encode() + insert.head[after:]
    at = _settings_at(insert.head)
    source = f"\nFROM INFILE {quoted(path)} COMPRESSION 'none'\n".encode()
    return insert.head[:at] + source + insert.head[at:] + f"\nFORMAT {quoted(form, '`')}".encode()


def _settings_at(head: bytes) -> int:
    """Return where the SETTINGS clause begins, the end when there is none: what follows INFILE has a fixed order.

    The word counts as the clause when a name and `=` follow, because a table may be named `settings`.
    """
    read = [token for token in tokens(head) if token.depth == 0]
    for one, two, three in zip(read, read[1:], read[2:], strict=False):
        if one.word == "settings" and two.kind in ("word", "quoted") and three.text == b"=":
            return one.start
    return len(head)


def quoted(value: str, quote: str = "'") -> str:
    """Return a string literal, or an identifier when `quote` is a backtick."""
    return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
