"""Event ids for lines that have none: from the content, and from how many identical lines came before it in the file.

So the same file again, a longer one or a renamed one adds only what is new, and two identical lines stay two touches.
The id knows nothing of the file's name, of options, or of a time shift. What it cannot tell: two identical lines of
which a log rotation put one into each of two files.
"""

from hashlib import blake2b

_ID_BYTES = 16
_KEY_BYTES = 8


class LineIds:
    """Ids for the lines of one file, in their order. One instance per file.

    Memory: one integer per distinct line (about 80 bytes with the set around it). Lines are told apart by 64 bits of
    their hash; two different lines that agree in them merely get an ordinal more, the same in every import of that
    file.
    """

    def __init__(self, importer: str) -> None:
        """`importer`: the kind of source, so that equal text in different kinds of files gives different ids."""
        self._importer = importer.encode() + b"\x00"
        self._seen: set[int] = set()
        self._repeats: dict[int, int] = {}

    def next(self, line: bytes) -> str:
        """The id (32 hex digits) of the next line; its line ending does not matter."""
        digest = blake2b(self._importer + line.rstrip(b"\r\n"), digest_size=_ID_BYTES).digest()
        key = int.from_bytes(digest[:_KEY_BYTES], "big")
        if key not in self._seen:
            self._seen.add(key)
            return digest.hex()
        nth = self._repeats[key] = self._repeats.get(key, 0) + 1
        return blake2b(digest + nth.to_bytes(8, "big"), digest_size=_ID_BYTES).hexdigest()
