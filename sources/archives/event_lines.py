"""What all archives share: lines of JSON, and what becomes of the outcomes of a mapping."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from sources.collected import Collected
from sources.outcome import FURTHER_TOUCH, Emit, Outcome, RawTouch, Reject, Skip, excerpt
from sources.sdks.outcome import Outcome as MappedEvent
from sources.sdks.outcome import Skipped
from sources.tables.json_errors import describe_json_error

NO_TIME_MS: Final = 0
"""Time of arrival of an event whose archive does not tell it. A touch with this time is refused."""
_MARK: Final = b"\xef\xbb\xbf"
Event: TypeAlias = dict[str, object]
MapEvent: TypeAlias = Callable[[Event], list[MappedEvent]]


@dataclass(frozen=True, slots=True)
class ArchiveOptions:
    """Options of the importers of archives: the source and the tenant of all touches.

    A `tenant` of '' means the default of the contract.
    """

    source: str
    tenant: str = ""


def read_json_events(
    lines: Iterable[bytes], map_event: MapEvent, kind_field: str, options: ArchiveOptions
) -> Iterator[Outcome]:
    """Yield at least one outcome for each line, which is a JSON object in UTF-8.

    `kind_field`: the field that names the kind of an event, for messages. Reasons of rejection: not_json,
    not_an_object, and those of `outcomes_of`; of skipping: blank, and those of `sources.sdks.outcome.SkipReason`.
    """
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
            continue
        text = line.removeprefix(_MARK)
        try:
            event = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield Reject("not_json", line_no, describe_json_error(text))
            continue
        if not isinstance(event, dict):
            yield Reject("not_an_object", line_no, f"{excerpt(text.decode('utf-8', 'replace'))} is not a JSON object")
            continue
        kind = event.get(kind_field)
        yield from outcomes_of(map_event(event), line_no, f"{kind_field} is {excerpt(str(kind))}", options)


def outcomes_of(mapped: Iterable[MappedEvent], line_no: int, kind: str, options: ArchiveOptions) -> Iterator[Outcome]:
    """Yield the outcomes of a line. `kind` says what its event is. Reasons of rejection: unmapped, no_time."""
    first = True
    for one in mapped:
        if isinstance(one, Skipped):
            yield Skip(one.reason.value)
        elif not isinstance(one, Collected):
            detail = f"{kind}: no kind of event that is known, or one without its name or id"
            yield Reject("unmapped", line_no, detail)
        elif one.touch.get("occurred_at") in (None, NO_TIME_MS):
            yield Reject("no_time", line_no, f"{kind}, and no field has the time of the event or of its arrival")
        else:
            yield Emit(one.channel, _stamp(one.touch, options), () if first else (FURTHER_TOUCH,), line_no)
        first = False


def _stamp(touch: RawTouch, options: ArchiveOptions) -> RawTouch:
    tenant = {"tenant": options.tenant} if options.tenant else {}
    return {**touch, "source": options.source, **tenant}
