"""Event ids of lines that have none: a hash of the content and of the number of identical lines before it in the file.

Importing the same file again, a longer one or a renamed one therefore adds only new lines, and two identical lines stay
two touches. The id does not depend on the file's name, on options or on a time shift. Limit: if a log rotation puts two
identical lines into two files, they get one id.
"""

from hashlib import blake2b

_ID_BYTES = 16
_KEY_BYTES = 8


class LineIds:
    """Event ids for the lines of one file, in their order. One instance per file.

    Memory: one integer per distinct line, about 80 bytes with its entry in the set. Lines are compared by 64 bits of
    their hash; on a collision the later line gets an id as if it were a repetition, the same in every import of the
    file.
    """

    def __init__(self, importer: str) -> None:
        """`importer`: the format of the file, so that equal lines in different formats get different ids."""
        self._importer = importer.encode() + b"\x00"
        self._seen: set[int] = set()
        self._repeats: dict[int, int] = {}

    def next(self, line: bytes) -> str:
        """Return the id of the next line, 32 hex digits; the line ending does not matter."""
        digest = blake2b(self._importer + line.rstrip(b"\r\n"), digest_size=_ID_BYTES).digest()
        key = int.from_bytes(digest[:_KEY_BYTES], "big")
        if key not in self._seen:
            self._seen.add(key)
            return digest.hex()
        nth = self._repeats[key] = self._repeats.get(key, 0) + 1
        return blake2b(digest + nth.to_bytes(8, "big"), digest_size=_ID_BYTES).hexdigest()
