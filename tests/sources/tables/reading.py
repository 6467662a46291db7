"""Options and functions that import tables in the tests of CSV and JSON lines."""

from sources.outcome import Emit, Outcome, RawTouch
from sources.tables.reader import TableOptions, read_csv, read_jsonl

MAILS = TableOptions(
    "emails",
    columns={"who": "email", "when": "occurred_at", "crm no": "ids.crm"},
    constants={"type": "opened", "direction": "outbound"},
)
CALLS = TableOptions("calls", constants={"direction": "inbound"})
VISITS = TableOptions("visits")
WHEN = "2024-03-01T10:00:00Z"


def csv_of(text: str | bytes, options: TableOptions = MAILS) -> list[Outcome]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_csv(raw.splitlines(keepends=True), options))


def jsonl_of(text: str | bytes, options: TableOptions = VISITS) -> list[Outcome]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_jsonl(raw.splitlines(keepends=True), options))


def touches(outcomes: list[Outcome]) -> list[RawTouch]:
    assert all(isinstance(one, Emit) for one in outcomes), outcomes
    return [one.touch for one in outcomes if isinstance(one, Emit)]
