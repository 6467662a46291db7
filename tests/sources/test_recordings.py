"""The three recordings as a whole. The expected numbers were counted independently, with awk."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from schemas.channels import CHANNELS
from sources.access_logs.importer import AccessLogOptions, read_access_log
from sources.call_log import CallLogOptions, read_call_log
from sources.files import OpenFile, open_file
from sources.imports import Report, run_import
from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcome import Emit, Outcome
from sources.recordings import ACCESS_LOG, CALL_LOG, MAIL_LOG, MAIL_START_MS, SITE, recording
from touchline.demo.made_up_people import PEOPLE, MadeUpPeople

Reader = Callable[[OpenFile], Iterator[Outcome]]

READERS: dict[str, Reader] = {
    ACCESS_LOG: lambda file: read_access_log(file, AccessLogOptions(SITE, b"a key of the test")),
    CALL_LOG: lambda file: read_call_log(file, CallLogOptions()),
    MAIL_LOG: lambda file: read_mail_log(file, MailLogOptions(MAIL_START_MS)),
}


def outcomes(name: str) -> list[Outcome]:
    with open_file(str(recording(name))) as file:
        return list(READERS[name](file))


def read(name: str) -> tuple[Report, list[Emit]]:
    made = outcomes(name)
    return run_import(made, None), [one for one in made if isinstance(one, Emit)]


def check(report: Report, emits: list[Emit]) -> None:
    """Check that all lines are counted, that ids are distinct, and that every touch fits the contract."""
    assert report.read == report.emitted.total() + report.skipped.total() + report.rejected.total()
    assert len({one.touch["event_id"] for one in emits}) == len(emits)
    for one in emits:
        CHANNELS[one.channel].model_validate(one.touch)


def test_the_access_log_is_imported_completely() -> None:
    report, emits = read(ACCESS_LOG)
    check(report, emits)
    assert report.read == 10_000
    assert report.types == {"visits/page": 3_027, "visits/download": 74, "visits/form": 2}
    assert report.skipped == {
        "asset": 5_424,
        "feed": 901,
        "machine_file": 184,
        "redirect": 162,
        "error": 156,
        "method": 35,
        "partial": 34,
    }
    assert report.rejected == {"cut_short": 1}
    (reject,) = report.examples
    assert reject.line_no == 8_899
    assert (report.first_ms, report.last_ms) == (1_431_857_113_000, 1_432_155_959_000)


@pytest.mark.slow
def test_the_call_log_is_imported_completely() -> None:
    report, emits = read(CALL_LOG)
    check(report, emits)
    assert report.read == report.emitted["calls"] == 33_344
    assert report.types == {"calls/answered": 27_162, "calls/abandoned": 5_904, "calls/missed": 278}
    assert report.notes == {"unknown_caller": 19_558, "damaged_caller": 21, "no_agent": 491}
    callers = Counter("customer_id" in one.touch for one in emits)
    assert callers == {True: 13_765, False: 19_579}


@pytest.mark.slow
def test_the_mail_log_is_imported_completely() -> None:
    report, emits = read(MAIL_LOG)
    check(report, emits)
    assert report.read == report.types["emails/received"] == 83_083
    # 59 lines repeat an earlier one, and each is a distinct touch.
    contents = {(one.touch["email"], str(one.touch["properties"]), one.touch["occurred_at"]) for one in emits}
    assert len(contents) == 83_083 - 59
    assert len({one.touch["email"] for one in emits}) == 672
    assert (report.first_ms, report.last_ms) == (MAIL_START_MS, MAIL_START_MS + 12_985_719_000)


@pytest.mark.slow
def test_made_up_people_join_the_three_recordings() -> None:
    people = MadeUpPeople(SITE)
    for name in READERS:
        for one in outcomes(name):
            if isinstance(one, Emit):
                people.see(one)
    made = list(people.touches())
    assert len(made) == 2 * PEOPLE
    assert len({one.touch["email"] for one in made}) == PEOPLE


def test_a_missing_recording_raises_with_its_name() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.gz is not installed"):
        recording("nothing.gz")
