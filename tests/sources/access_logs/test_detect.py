"""Detection of a log's format by its first lines."""

import json
from collections.abc import Iterable, Iterator

import pytest

from sources.access_logs.detect import SAMPLE_LINES, AmbiguousFormatError, detect
from sources.access_logs.formats import FileReader
from sources.access_logs.request import LogLine
from sources.files import FileReadError
from tests.sources.access_logs.test_formats import AGENT, ALL, CLF, EXAMPLES, REST


def described(lines: Iterable[str]) -> str:
    return detect(line.encode() + b"\n" for line in lines).description


def clients(*lines: str) -> list[str]:
    """Return the client of each line in the detected format, or why the line is rejected."""
    found = detect(line.encode() + b"\n" for line in lines)
    assert found.format is not None
    reader = FileReader(found.format)
    parsed = [reader.read(line) for line in found.lines]
    return [one.host if isinstance(one, LogLine) else getattr(one, "reason", "") for one in parsed]


@pytest.mark.parametrize("name", ALL)
def test_each_format_is_detected(name: str) -> None:
    assert described(ALL[name].split("\n")) == f"{name} (detected)"


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"s3"}))  # no log shipper adds a prefix to files in S3
def test_each_format_is_detected_after_a_prefix(name: str) -> None:
    found = described(["Nov 28 10:00:00 web1 nginx: " + EXAMPLES[name]])
    assert found == f"{name}, each line after the prefix of a log shipper (detected)"


def test_lines_in_json_objects_of_docker_are_detected() -> None:
    lines = [json.dumps({"log": EXAMPLES["vhost_combined"] + "\n", "stream": "stdout", "time": "2026-11-28T09:00:01Z"})]
    assert described(lines) == "vhost_combined, each line after the prefix of a log shipper (detected)"
    assert clients(*lines) == ["198.51.100.7"]


def test_detection_returns_all_lines() -> None:
    lines = [b"%d\n" % n for n in range(SAMPLE_LINES + 50)]
    assert list(detect(iter(lines)).lines) == lines


@pytest.mark.parametrize("lines", [[], [""], ["what?"], ["{}"], ["#Remark"], [" "]])
def test_unknown_lines_have_no_format(lines: list[str]) -> None:
    found = detect(line.encode() + b"\n" for line in lines)
    assert found.format is None
    assert found.description.startswith("unknown: name it")


def test_a_few_lines_in_no_format_do_not_prevent_detection() -> None:
    assert (
        described(["restarted", *[EXAMPLES["vhost_combined"]] * 3, "", "\0\0", CLF[:30]]) == "vhost_combined (detected)"
    )


def test_common_lines_among_combined_ones_do_not_change_the_format() -> None:
    assert described([EXAMPLES["common"], EXAMPLES["combined"]]) == "combined (detected)"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("combined", "vhost_combined", "combined, vhost_combined"),
        ("combined", "json", "combined, json"),
        ("alb", "elb", "alb, elb"),
    ],
)
def test_lines_of_two_formats_are_ambiguous(one: str, other: str, words: str) -> None:
    with pytest.raises(AmbiguousFormatError, match=words):
        described([EXAMPLES[one], EXAMPLES[other]])


def tail(remote: str, fields: str) -> str:
    return f"{remote} - - {REST} {AGENT} {fields}"


def test_a_quoted_forwarded_list_gives_the_client() -> None:
    lines = [
        tail("10.0.0.1", '"198.51.100.41"'),
        tail("10.0.0.1", '"198.51.100.42, 10.0.0.9"'),
        tail("198.51.100.43", '"-"'),
    ]
    assert described(lines) == "nginx-main (detected)"
    assert clients(*lines) == ["198.51.100.41", "198.51.100.42", "198.51.100.43"]


def test_a_forwarded_header_after_the_agent_gives_the_client() -> None:
    lines = [tail("10.0.0.1", '"for=198.51.100.41;proto=https"'), tail("10.0.0.1", r'"for=\"[2001:db8::7]:4711\""')]
    assert clients(*lines) == ["198.51.100.41", "2001:db8::7"]


def test_a_forwarded_list_may_follow_a_sample_of_dashes() -> None:
    lines = [tail("10.0.0.1", '"-"')] * SAMPLE_LINES + [tail("10.0.0.1", '"198.51.100.41"')]
    assert clients(*lines)[-1] == "198.51.100.41"


def test_a_forwarded_list_after_the_sample_is_another_format() -> None:
    lines = [f"10.0.0.1 - - {REST} {AGENT}"] * SAMPLE_LINES
    lines += [tail("10.0.0.1", '"198.51.100.41"'), tail("10.0.0.1", '"198.51.100.42, 10.0.0.9"')]
    lines += [tail("198.51.100.43", '"198.51.100.43"'), tail("10.0.0.1", '"-"'), tail("10.0.0.1", "rt=1 10.0.0.3:80")]
    assert clients(*lines)[SAMPLE_LINES:] == ["other_format"] * 2 + ["198.51.100.43", "10.0.0.1", "10.0.0.1"]


def test_the_forwarded_list_may_be_a_later_field() -> None:
    lines = [
        tail("203.0.113.1", '"SG" "Singapore" "198.51.100.41, 10.0.0.9" rt=0.1'),
        tail("203.0.113.1", '"DE" "-" "-" rt=1'),
    ]
    assert described(lines) == (
        "combined with the client's address in the third quoted field after the user agent (detected)"
    )
    assert clients(*lines) == ["198.51.100.41", "203.0.113.1"]


def test_a_forwarded_list_is_detected_with_a_virtual_host() -> None:
    lines = [f'www.shop.example:80 10.0.0.1 - - {REST} {AGENT} "198.51.100.41"']
    assert clients(*lines) == ["198.51.100.41"]


def test_other_fields_after_the_agent_are_no_forwarded_list() -> None:
    lines = [tail("198.51.100.7", '"gzip" "10.0.0.3:80" 0.003'), tail("198.51.100.8", "rt=1 10.0.0.3:80")]
    assert described(lines) == "combined (detected)"
    assert clients(*lines) == ["198.51.100.7", "198.51.100.8"]


def test_one_public_address_for_all_clients_is_ambiguous() -> None:
    lines = [tail("198.51.100.7", '"203.0.113.80"'), tail("198.51.100.8", '"203.0.113.80"')]
    with pytest.raises(AmbiguousFormatError, match=r"--format nginx-main .* or --format combined"):
        described(lines)


def test_two_fields_with_different_addresses_are_ambiguous() -> None:
    with pytest.raises(AmbiguousFormatError, match="more than one field after the user agent"):
        described([tail("10.0.0.1", '"198.51.100.41" "203.0.113.5"')])


def test_two_fields_with_the_same_address_are_not_ambiguous() -> None:
    assert clients(tail("10.0.0.1", '"198.51.100.41" "198.51.100.41, 10.0.0.2"')) == ["198.51.100.41"]


def test_a_leading_forwarded_list_gives_the_client() -> None:
    lines = [
        f"198.51.100.41, 10.0.0.1 - - {REST} {AGENT}",
        f"198.51.100.42 - - {REST} {AGENT}",
        f"- - - {REST} {AGENT}",
    ]
    assert described(lines) == "combined (detected)"
    assert clients(*lines) == ["198.51.100.41", "198.51.100.42", "no_client"]


def test_lines_before_a_read_error_are_returned() -> None:
    def lines() -> Iterator[bytes]:
        yield EXAMPLES["combined"].encode() + b"\n"
        raise FileReadError("access.log.gz: the compressed file is damaged or cut short")

    found = detect(lines())
    assert found.description == "combined (detected)"
    assert next(found.lines) == EXAMPLES["combined"].encode() + b"\n"
    with pytest.raises(FileReadError, match="damaged"):
        next(found.lines)


def test_the_sample_ends_at_its_byte_limit() -> None:
    taken = []

    def lines() -> Iterable[bytes]:
        for n in range(SAMPLE_LINES):
            taken.append(n)
            yield b"x" * 1_000_000 + b"\n"

    detect(lines())
    assert len(taken) == 5
