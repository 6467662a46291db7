"""Snowplow's enriched events: tab separated, without a header, in 131 columns, as pipelines store them.

Source of the columns: docs.snowplow.io, "Enriched stream TSV file format". They are brought into the form of the
tracker protocol, whose mapping `sources.sdks.snowplow` has.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from sources.archives.event_lines import NO_TIME_MS, ArchiveOptions, Event, outcomes_of
from sources.archives.utc_times import read_utc_ms
from sources.collected import Collected
from sources.outcome import Outcome, Reject, Skip, excerpt
from sources.payloads.event_fields import mapping_of, without_empty
from sources.sdks import snowplow
from sources.sdks.client import Client
from sources.sdks.outcome import Outcome as MappedEvent
from sources.sdks.view_times import ViewTimes

COLUMNS: Final = 131
EVENT: Final = 5
"""Place of the column `event`, the kind of an event."""
_KINDS: Final = {
    "page_view": "pv",
    "page_ping": "pp",
    "struct": "se",
    "unstruct": "ue",
    "transaction": "tr",
    "transaction_item": "ti",
}
_APP_ID: Final = 0
_COLLECTOR_TIME: Final = 3
_EVENT_TIMES: Final = (130, 124, 4)  # true_tstamp, derived_tstamp (corrected by the pipeline), dvce_created_tstamp
_USER_AGENT: Final = 77
_IP: Final = 13
_FIELDS: Final = {
    6: "eid",
    9: "tv",
    12: "uid",
    15: "duid",
    29: "url",
    30: "page",
    31: "refr",
    52: "co",
    53: "se_ca",
    54: "se_ac",
    55: "se_la",
    56: "se_pr",
    57: "se_va",
    58: "ue_pr",
    59: "tr_id",
    60: "tr_af",
    61: "tr_tt",
    62: "tr_tx",
    63: "tr_sh",
    67: "ti_id",
    68: "ti_sk",
    69: "ti_nm",
    71: "ti_pr",
    72: "ti_qu",
    83: "lang",
    100: "tz",
    108: "tr_cu",
    112: "ti_cu",
    123: "sid",
}
"""Field of the tracker protocol by the place of the column, from 0."""
_SIZES: Final = {"vp": (95, 96), "res": (103, 104), "ds": (106, 107)}


def read_snowplow_archive(lines: Iterable[bytes], options: ArchiveOptions) -> Iterator[Outcome]:
    """Yield at least one outcome for each line.

    Reasons of rejection: not_utf8, columns (not 131), and those of `outcomes_of`; of skipping: blank, and those of
    `sources.sdks.outcome.SkipReason`. Page pings become the time of their page view (`sources.sdks.view_times`).
    """
    view_times = ViewTimes()
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
            continue
        try:
            cells = line.decode().rstrip("\r\n").split("\t")
        except UnicodeDecodeError as error:
            yield Reject("not_utf8", line_no, f"byte {error.start + 1} is not UTF-8")
            continue
        if len(cells) != COLUMNS:
            yield Reject("columns", line_no, f"{len(cells)} columns, not {COLUMNS}: {excerpt(cells[0])}")
            continue
        mapped = map(view_times.complete, _map_event(cells))
        yield from outcomes_of(mapped, line_no, f"event is {excerpt(cells[EVENT])}", options)


def _map_event(cells: list[str]) -> list[MappedEvent]:
    times = (read_utc_ms(cells[place]) for place in _EVENT_TIMES)
    event: Event = {
        "e": _KINDS.get(cells[EVENT], cells[EVENT]),
        "dtm": next((time for time in times if time), None),
        **{name: cells[place] for place, name in _FIELDS.items()},
        **{name: _size(cells[width], cells[height]) for name, (width, height) in _SIZES.items()},
    }
    client = Client(
        ip=cells[_IP],
        user_agent=cells[_USER_AGENT],
        is_browser=False,
        received_at_ms=read_utc_ms(cells[_COLLECTOR_TIME]) or NO_TIME_MS,
    )
    # The ip and the user agent of server trackers are fields of the event, those of browsers of the connection.
    mapped = snowplow.map_event({**without_empty(event), "ip": client.ip, "ua": client.user_agent}, client)
    return [_with_app_id(one, cells[_APP_ID]) if isinstance(one, Collected) else one for one in mapped]


def _with_app_id(collected: Collected, app_id: str) -> Collected:
    """Return the touch with the app id as a property. In the tracker protocol it would be the write key."""
    if not app_id:
        return collected
    properties = {"app_id": app_id, **mapping_of(collected.touch.get("properties"))}
    return collected._replace(touch={**collected.touch, "properties": properties})


def _size(width: str, height: str) -> str:
    return f"{width}x{height}" if width.isascii() and width.isdigit() and height.isascii() and height.isdigit() else ""
