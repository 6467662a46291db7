"""The formats by name, and a reader of the lines of one file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sources.access_logs.json_lines import JsonReader
from sources.access_logs.lines import ClfFormat, ClfReader
from sources.access_logs.pattern import PatternReader, compile_pattern, is_pattern
from sources.access_logs.prefixes import strip_prefixes
from sources.access_logs.request import LONGEST_LINE_BYTES, LineReader, LogLine, Unreadable
from sources.access_logs.w3c import W3cReader

AUTO: Final = "auto"
_ELB = '"$request" "$http_user_agent" $ssl_cipher $ssl_protocol'
ELB: Final = (
    "$time_iso8601 $elb $remote_addr $target $request_time $target_time $response_time "
    f"$status $target_status $received_bytes $bytes_sent {_ELB}"
)
"""Classic load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html"""

S3: Final = (
    '$owner $bucket [$time_local] $remote_addr $requester $request_id $operation $key "$request" $status $error '
    '$bytes_sent $object_size $total_time $turn_around "$http_referer" "$http_user_agent" $rest'
)
"""Websites in S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html"""

ENVOY: Final = (
    '[$time_iso8601] "$request" $status $flags $bytes_received $bytes_sent $duration $upstream_time '
    '"$http_x_forwarded_for" "$http_user_agent" "$request_id" "$host" "$upstream_host"'
)
"""Envoy's default: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage"""


@dataclass(frozen=True, slots=True)
class Format:
    """`make` returns a reader for one file. `wrapped`: whether lines may have the prefix of a log shipper."""

    name: str
    make: Callable[[], LineReader]
    wrapped: bool = True


def clf_format(name: str, format: ClfFormat) -> Format:
    """Return a format of the common log family."""
    return Format(name, partial(ClfReader, format))


def _pattern(name: str, text: str) -> Format:
    return Format(name, partial(PatternReader, compile_pattern(text)))


FORMATS: Final = {
    one.name: one
    for one in (
        clf_format("common", ClfFormat(agent=False)),
        clf_format("combined", ClfFormat(agent=True)),
        clf_format("vhost_common", ClfFormat(virtual_host=True, agent=False)),
        clf_format("vhost_combined", ClfFormat(virtual_host=True, agent=True)),
        clf_format("nginx-main", ClfFormat(agent=True, forwarded_at=0)),
        clf_format("traefik", ClfFormat(agent=True)),
        Format("json", JsonReader),
        Format("w3c", W3cReader, wrapped=False),
        Format("iis", W3cReader, wrapped=False),
        Format("cloudfront", W3cReader, wrapped=False),
        _pattern("alb", f"$type {ELB} $rest"),
        _pattern("elb", ELB),
        _pattern("s3", S3),
        _pattern("envoy", ENVOY),
    )
}
"""All named formats. `w3c`, `iis` and `cloudfront` have the same reader, since the file's `#Fields` decides."""

FALLBACK: Final = clf_format("combined", ClfFormat(detected=True))
"""The format of a file with unknown first lines: reads the lines that are combined or common."""

_BY_NAME: Final = {name.replace("_", "-"): format for name, format in FORMATS.items()}
_SYNONYMS: Final = {"main": "nginx-main", "nginx": "nginx-main", "clf": "common", "ncsa": "common", "caddy": "json"}


def find_format(text: str) -> Format:
    """Return the format of a name or a pattern. Raises `ValueError` for an unknown name."""
    if is_pattern(text):
        return Format("a pattern", partial(PatternReader, compile_pattern(text)))
    name = text.lower().replace("_", "-").replace(" ", "-")
    found = _BY_NAME.get(_SYNONYMS.get(name, name))
    if found is None:
        raise ValueError(
            f"there is no format {text!r}: give {AUTO}, {', '.join(FORMATS)}, or a LogFormat like '%h %l %u …'"
        )
    return found


class FileReader:
    """A reader of the lines of one file.

    It replaces bytes that are not UTF-8, and drops zero bytes and a byte order mark before a line.
    """

    def __init__(self, format: Format) -> None:
        self._reader = format.make()
        self._wrapped = format.wrapped

    def read(self, line: bytes) -> LogLine | Unreadable | None:
        """Read one line with its line ending. None means a directive of the format, which is no request."""
        if len(line) > LONGEST_LINE_BYTES:
            return Unreadable("too_long", f"longer than {LONGEST_LINE_BYTES} bytes")
        text, ended = decode_line(line), line.endswith(b"\n")
        found = self._reader.read(text, ended)
        if self._wrapped and isinstance(found, Unreadable):
            for inner in strip_prefixes(text):
                unwrapped = self._reader.read(inner, ended)
                if not isinstance(unwrapped, Unreadable):
                    return unwrapped
                if unwrapped.reason != "not_a_log_line":
                    found = unwrapped
        return found


def decode_line(line: bytes) -> str:
    """Return the text of a line without its ending, and without the zero bytes that a crash of the file system or the
    byte order mark that an editor put before it."""
    text = line.rstrip(b"\r\n").decode("utf-8", "replace")
    return text.lstrip("\0\ufeff") if text[:1] in ("\0", "\ufeff") else text
