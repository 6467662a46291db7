"""Rewrites an INSERT with data so that the engine reads the data from a file.

`INSERT INTO t (a) SETTINGS s = 1 FORMAT TSV` becomes `INSERT INTO t (a) FROM INFILE '/path' SETTINGS s = 1 FORMAT TSV`:
the engine then treats the rows like those of any other INSERT (types of the table's columns, defaults of missing
columns, expressions in VALUES, settings of the statement). The grammar:
https://clickhouse.com/docs/sql-reference/statements/insert-into#inserting-data-from-a-file
"""

from deploy.engine.access.tokenizer import Insert, tokens


def insert_from_file(insert: Insert, form: str, path: str) -> bytes:
    """Return the statement that inserts the file at `path`, whose data have the format `form`.

    The embedded engine cannot SELECT from `input('structure')`, so the function `file` replaces it.
    """
    if insert.structure_at is not None:
        start, after = insert.structure_at
        return insert.head[:start] + f"file({quote(path)}, {quote(form)}, ".encode() + insert.head[after:]
    at = _settings_at(insert.head)
    source = f"\nFROM INFILE {quote(path)} COMPRESSION 'none'\n".encode()
    return insert.head[:at] + source + insert.head[at:] + f"\nFORMAT {quote(form, '`')}".encode()


def _settings_at(head: bytes) -> int:
    """Return where the SETTINGS clause begins, or the end: clauses after INFILE have a fixed order.

    The word begins the clause only if a name and `=` follow, because a table may be named `settings`.
    """
    read = [token for token in tokens(head) if token.depth == 0]
    for one, two, three in zip(read, read[1:], read[2:], strict=False):
        if one.word == "settings" and two.kind in ("word", "quoted") and three.text == b"=":
            return one.start
    return len(head)


def quote(value: str, sign: str = "'") -> str:
    """Return a string literal, or an identifier if `sign` is a backtick."""
    return sign + value.replace("\\", "\\\\").replace(sign, "\\" + sign) + sign
