"""Detection of a file's format by its first lines. If they fit several formats, the error names them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from sources.access_logs.addresses import choose_client, is_forwarded_list, read_client
from sources.access_logs.formats import FORMATS, Format, clf_format, decode_line
from sources.access_logs.json_lines import is_request
from sources.access_logs.lines import ClfFormat
from sources.access_logs.prefixes import strip_prefixes
from sources.access_logs.request import LONGEST_LINE_BYTES, LogLine
from sources.access_logs.shapes import Shape, read_shape
from sources.access_logs.w3c import CLOUDFRONT_FIELD, DIRECTIVE
from sources.files import FileReadError

SAMPLE_LINES: Final = 200
"""Number of lines in the sample, which ends earlier once it exceeds `SAMPLE_BYTES`."""

SAMPLE_BYTES: Final = 4 * 1024 * 1024

_BY_PATTERN: Final = ("alb", "elb", "s3", "envoy")
_ORDINALS: Final = ("first", "second", "third")
_TRAEFIK = re.compile(r'\d++ "[^"]*+" "[^"]*+" \d++ms\Z')


class AmbiguousFormatError(ValueError):
    """First lines that fit more than one format; the message names the formats and says what to do."""


@dataclass(frozen=True, slots=True)
class Detected:
    """`format`: None means that no line of the sample has a known format. `lines`: all lines of the file, the sample
    included."""

    format: Format | None
    description: str
    lines: Iterator[bytes]


def detect(lines: Iterable[bytes]) -> Detected:
    """Detect the format by the first lines. Raises `AmbiguousFormatError`."""
    rest = iter(lines)
    sample: list[bytes] = []
    size_bytes = 0
    try:
        for line in islice(rest, SAMPLE_LINES):
            sample.append(line)
            size_bytes += len(line)
            if size_bytes > SAMPLE_BYTES:
                break
    except FileReadError as error:
        rest = _raising(error)  # raised after the lines that could be read, as without a sample
    texts = [decode_line(one) for one in sample if one.strip() and len(one) <= LONGEST_LINE_BYTES]
    format, description = _choose(texts)
    described = f"{description} (detected)" if format else description
    return Detected(format, described, chain(sample, rest))


def _raising(error: FileReadError) -> Iterator[bytes]:
    raise error
    yield


def _choose(texts: list[str]) -> tuple[Format | None, str]:
    fields = next((one for one in texts if one.lower().startswith("#fields")), "")
    if fields and DIRECTIVE.match(fields):
        name = "cloudfront" if CLOUDFRONT_FIELD in fields.lower() else "iis" if _is_iis(texts) else "w3c"
        return FORMATS[name], name
    shapes: list[Shape] = []
    names: set[str] = set()
    wrapped = False
    for text in texts:
        for one in (text, *strip_prefixes(text)):
            if shape := read_shape(one):
                shapes.append(shape)
                names.add("vhost_combined" if shape.virtual_host else "combined")
            elif name := _name(one):
                names.add(name)
            else:
                continue
            wrapped = wrapped or one is not text
            break
    if len(names) > 1:
        raise AmbiguousFormatError(
            f"its lines have more than one format ({', '.join(sorted(names))}): choose one of them with --format, "
            "and lines in the others are rejected"
        )
    if not names:
        return None, "unknown: name it with --format; lines in the combined format are read"
    (name,) = names
    format, description = _choose_clf(shapes) if shapes else (FORMATS[name], name)
    return format, description + (", each line after the prefix of a log shipper" if wrapped else "")


def _is_iis(texts: list[str]) -> bool:
    return any(one.startswith("#Software: Microsoft") for one in texts)


def _name(text: str) -> str:
    if is_request(text):
        return "json"
    return next((one for one in _BY_PATTERN if isinstance(FORMATS[one].make().read(text, True), LogLine)), "")


def _choose_clf(shapes: list[Shape]) -> tuple[Format, str]:
    virtual_host = shapes[0].virtual_host
    agent = any(one.agent for one in shapes)
    tails = [one for one in shapes if one.tail]
    column = _forwarded_at(tails)
    alone = bool(tails) and all(one.only_quoted for one in tails)
    if virtual_host or not agent:
        name = ("vhost_" if virtual_host else "") + ("combined" if agent else "common")
    elif tails and all(_TRAEFIK.match(one.tail) for one in tails):
        name = "traefik"
    else:
        name = "nginx-main" if column == 0 and alone else "combined"
    description = name
    if column is not None and name != "nginx-main":
        nth = _ORDINALS[column] if column < len(_ORDINALS) else f"{column + 1}th"
        description += f" with the client's address in the {nth} quoted field after the user agent"
    return clf_format(name, ClfFormat(virtual_host, None, column, detected=True)), description


def _forwarded_at(shapes: list[Shape]) -> int | None:
    """Return which quoted field after the user agent has the client's address, from 0; None means none has. Raises
    `AmbiguousFormatError` if two fields have different addresses."""
    found = [n for n in range(max((len(one.quoted) for one in shapes), default=0)) if _may_be_forwarded(shapes, n)]
    if not found:
        # Without a load balancer, nginx's `main` has a dash in this field of each line.
        return 0 if shapes and all(one.only_quoted and one.quoted[0] == "-" for one in shapes) else None
    first = found[0]
    for other in found[1:]:
        if any(_chosen(one, first) != _chosen(one, other) for one in shapes):
            raise AmbiguousFormatError(
                "more than one field after the user agent has addresses: say which one is the client's with a "
                '--format like \'%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i" "%{X-Forwarded-For}i"\', or '
                "ignore all of them with --format combined"
            )
    values = {one.quoted[first] for one in shapes if first < len(one.quoted)}
    remotes = {one.client for one in shapes if (client := read_client(one.client)) and client.is_public}
    if len(values) == 1 and len(remotes) > 1:
        raise AmbiguousFormatError(
            f"the field after the user agent is {values.pop()[:60]!r} for each client: choose --format nginx-main "
            "if it is the client's address, or --format combined if it is the server's"
        )
    return first


def _may_be_forwarded(shapes: list[Shape], column: int) -> bool:
    listed = [
        one.quoted[column] for one in shapes if column < len(one.quoted) and is_forwarded_list(one.quoted[column])
    ]
    clients = [choose_client("", one) for one in listed]
    return any(one is not None and one.is_public for one in clients) or (
        bool(listed) and all(one.only_quoted for one in shapes)
    )


def _chosen(shape: Shape, column: int) -> object:
    return choose_client(shape.client, shape.quoted[column]) if column < len(shape.quoted) else None
