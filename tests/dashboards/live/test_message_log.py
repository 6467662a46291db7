"""The log of encoded events."""

from dashboards.live.message_log import KEPT_BYTES, KEPT_MS, MessageLog


def test_a_viewer_reads_what_is_behind_its_place() -> None:
    log = MessageLog()
    assert (log.after(0), log.size_after(0)) == (b"", 0)
    for number in (2, 3, 5):
        log.append(number, b"%d" % number, 0)
    assert [log.after(number) for number in range(6)] == [b"235", b"235", b"35", b"5", b"5", b""]
    assert [log.size_after(number) for number in range(6)] == [3, 3, 2, 1, 1, 0]


def test_old_entries_are_gone() -> None:
    log = MessageLog()
    log.append(1, b"1", 0)
    log.append(2, b"2", 1)
    log.append(3, b"3", KEPT_MS + 1)
    assert (log.after(0), log.size_after(0)) == (None, None)
    assert (log.after(1), log.size_after(1)) == (b"23", 2)


def test_too_many_bytes_are_gone_but_never_the_last_entry() -> None:
    log = MessageLog()
    log.append(1, b"1", 0)
    log.append(2, b"." * (KEPT_BYTES + 1), 0)
    assert log.after(0) is None
    assert log.size_after(1) == KEPT_BYTES + 1
    log.append(3, b"3", 0)
    assert (log.after(1), log.after(2)) == (None, b"3")


def test_all_entries_can_be_dropped() -> None:
    log = MessageLog()
    log.append(1, b"1", 0)
    log.drop_all(4)
    assert (log.after(3), log.after(4)) == (None, b"")
    log.append(5, b"5", 0)
    assert log.after(4) == b"5"
