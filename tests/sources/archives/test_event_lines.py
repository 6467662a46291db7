"""Lines of archives, whatever their kind."""

from sources.archives.event_lines import ArchiveOptions, outcomes_of, read_json_events
from sources.collected import Collected
from sources.outcome import Emit, Reject, Skip
from sources.sdks.outcome import Skipped, SkipReason, unmapped
from tests.sources.archives.events import WHEN


def test_several_touches_of_an_event_are_noted_and_stamped() -> None:
    touches = [Collected("consents", {"type": "given", "occurred_at": WHEN, "purpose": one}) for one in "ab"]
    found = list(outcomes_of(touches, 3, "kind", ArchiveOptions("shop", "north")))
    assert [(one.channel, one.notes, one.line_no) for one in found if isinstance(one, Emit)] == [
        ("consents", (), 3),
        ("consents", ("further_touch",), 3),
    ]
    for one in found:
        assert isinstance(one, Emit)
        assert (one.touch["source"], one.touch["tenant"]) == ("shop", "north")


def test_events_that_are_no_touches() -> None:
    mapped = [Skipped(SkipReason.PAGE_PING), unmapped({"writeKey": "secret"}), Collected("visits", {"type": "page"})]
    skipped, refused, timeless = outcomes_of(mapped, 9, "type is 'x'", ArchiveOptions("shop"))
    assert skipped == Skip("page_ping")
    assert isinstance(refused, Reject)
    assert (refused.reason, refused.line_no) == ("unmapped", 9)
    assert refused.detail.startswith("type is 'x'")
    assert isinstance(timeless, Reject)
    assert timeless.reason == "no_time"


def test_lines_that_are_no_objects_are_rejected() -> None:
    def map_event(event: dict[str, object]) -> list[Collected | Skipped]:
        return [Collected("visits", {"type": event["type"], "occurred_at": WHEN})]

    lines = [b"\n", b"{", b"[1]\n", b'\xef\xbb\xbf{"type": "page"}\n', b'"\xff"\n', b"[" * 5_000]
    blank, cut, array, touch, not_utf8, deep = read_json_events(lines, map_event, "type", ArchiveOptions("shop"))
    assert blank == Skip("blank")
    assert isinstance(cut, Reject)
    assert (cut.reason, cut.line_no) == ("not_json", 2)
    assert isinstance(array, Reject)
    assert (array.reason, array.detail) == ("not_an_object", "'[1]\\n' is not a JSON object")
    assert isinstance(touch, Emit)
    assert "tenant" not in touch.touch
    for one in (not_utf8, deep):
        assert isinstance(one, Reject)
        assert one.reason == "not_json"
