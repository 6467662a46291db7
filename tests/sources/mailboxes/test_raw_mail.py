"""Mails of which only the beginning is kept."""

from sources.mailboxes.raw_mail import LARGEST_BODY_BYTES, LARGEST_HEAD_BYTES, MailBuilder


def test_header_ends_at_the_first_blank_line() -> None:
    builder = MailBuilder(3, keep_body=True, where="cur/1", left_out="draft")
    for line in (b"A: 1\r\n", b"\r\n", b"B: 2\r\n", b"\r\n"):
        builder.add(line)
    assert builder.build() == (3, b"A: 1\r\n", b"B: 2\r\n\r\n", 16, "cur/1", "draft")


def test_huge_mail_takes_bounded_memory() -> None:
    line = b"x" * 70_000 + b"\n"
    for keep_body, kept_bytes in ((False, 0), (True, LARGEST_BODY_BYTES)):
        builder = MailBuilder(1, keep_body)
        builder.add(b"A: 1\n")
        builder.add(b"\n")
        for _ in range(100):
            builder.add(line)
        mail = builder.build()
        assert mail.size_bytes == 6 + 100 * len(line)
        assert kept_bytes - len(line) <= len(mail.body) <= kept_bytes


def test_nothing_is_kept_behind_a_field_that_is_too_large() -> None:
    builder = MailBuilder(1, keep_body=False)
    for line in (b"A: 1\n", b"B: " + b"x" * LARGEST_HEAD_BYTES + b"\n", b"C: 3\n", b"\n"):
        builder.add(line)
    assert builder.build().head == b"A: 1\n"
