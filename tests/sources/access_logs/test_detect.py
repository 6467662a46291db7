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
    """The client of each line, in the format that was detected."""
    found = detect(line.encode() + b"\n" for line in lines)
    assert found.format is not None
    reader = FileReader(found.format)
    parsed = [reader.read(line) for line in found.lines]
    return [one.host if isinstance(one, LogLine) else getattr(one, "reason", "") for one in parsed]


@pytest.mark.parametrize("name", ALL)
def test_each_format_is_detected(name: str) -> None:
    assert described(ALL[name].split("\n")) == f"{name} (detected)"


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"s3"}))  # Amazon's files come by no log shipper
def test_each_format_is_detected_behind_a_prefix(name: str) -> None:
    found = described(["Nov 28 10:00:00 web1 nginx: " + EXAMPLES[name]])
    assert found == f"{name}, each line after the prefix of a log shipper (detected)"


def test_lines_in_the_objects_of_docker() -> None:
    lines = [json.dumps({"log": EXAMPLES["vhost_combined"] + "\n", "stream": "stdout", "time": "2026-11-28T09:00:01Z"})]
    assert described(lines) == "vhost_combined, each line after the prefix of a log shipper (detected)"
    assert clients(*lines) == ["198.51.100.7"]


def test_all_lines_come_back() -> None:
    lines = [b"%d\n" % n for n in range(SAMPLE_LINES + 50)]
    assert list(detect(iter(lines)).lines) == lines


@pytest.mark.parametrize("lines", [[], [""], ["what?"], ["{}"], ["#Remark"], [" "]])
def test_nothing_that_is_known(lines: list[str]) -> None:
    found = detect(line.encode() + b"\n" for line in lines)
    assert found.format is None
    assert found.description.startswith("unknown: name it")


def test_a_few_other_lines_do_not_matter() -> None:
    assert (
        described(["restarted", *[EXAMPLES["vhost_combined"]] * 3, "", "\0\0", CLF[:30]]) == "vhost_combined (detected)"
    )


def test_common_and_combined_lines_are_one_log() -> None:
    assert described([EXAMPLES["common"], EXAMPLES["combined"]]) == "combined (detected)"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("combined", "vhost_combined", "combined, vhost_combined"),
        ("combined", "json", "combined, json"),
        ("alb", "elb", "alb, elb"),
    ],
)
def test_lines_of_two_formats_are_refused(one: str, other: str, words: str) -> None:
    with pytest.raises(AmbiguousFormatError, match=words):
        described([EXAMPLES[one], EXAMPLES[other]])


def tail(remote: str, behind: str) -> str:
    return f"{remote} - - {REST} {AGENT} {behind}"


def test_the_list_of_a_balancer_is_the_client() -> None:
    lines = [
        tail("10.0.0.1", '"198.51.100.41"'),
        tail("10.0.0.1", '"198.51.100.42, 10.0.0.9"'),
        tail("198.51.100.43", '"-"'),
    ]
    assert described(lines) == "nginx-main (detected)"
    assert clients(*lines) == ["198.51.100.41", "198.51.100.42", "198.51.100.43"]


def test_the_header_of_the_standard_behind_the_agent() -> None:
    lines = [tail("10.0.0.1", '"for=198.51.100.41;proto=https"'), tail("10.0.0.1", r'"for=\"[2001:db8::7]:4711\""')]
    assert clients(*lines) == ["198.51.100.41", "2001:db8::7"]


def test_a_list_comes_after_many_lines_without() -> None:
    lines = [tail("10.0.0.1", '"-"')] * SAMPLE_LINES + [tail("10.0.0.1", '"198.51.100.41"')]
    assert clients(*lines)[-1] == "198.51.100.41"


def test_a_list_that_begins_after_the_first_lines_is_of_another_format() -> None:
    lines = [f"10.0.0.1 - - {REST} {AGENT}"] * SAMPLE_LINES
    lines += [tail("10.0.0.1", '"198.51.100.41"'), tail("10.0.0.1", '"198.51.100.42, 10.0.0.9"')]
    lines += [tail("198.51.100.43", '"198.51.100.43"'), tail("10.0.0.1", '"-"'), tail("10.0.0.1", "rt=1 10.0.0.3:80")]
    assert clients(*lines)[SAMPLE_LINES:] == ["other_format"] * 2 + ["198.51.100.43", "10.0.0.1", "10.0.0.1"]


def test_the_list_is_not_the_first_field_behind_the_agent() -> None:
    lines = [
        tail("203.0.113.1", '"SG" "Singapore" "198.51.100.41, 10.0.0.9" rt=0.1'),
        tail("203.0.113.1", '"DE" "-" "-" rt=1'),
    ]
    assert described(lines) == (
        "combined with the client's address in the third quoted field after the user agent (detected)"
    )
    assert clients(*lines) == ["198.51.100.41", "203.0.113.1"]


def test_the_list_of_a_virtual_host_behind_a_balancer() -> None:
    lines = [f'www.shop.example:80 10.0.0.1 - - {REST} {AGENT} "198.51.100.41"']
    assert clients(*lines) == ["198.51.100.41"]


def test_fields_behind_the_agent_that_are_no_list() -> None:
    lines = [tail("198.51.100.7", '"gzip" "10.0.0.3:80" 0.003'), tail("198.51.100.8", "rt=1 10.0.0.3:80")]
    assert described(lines) == "combined (detected)"
    assert clients(*lines) == ["198.51.100.7", "198.51.100.8"]


def test_one_public_address_for_all_clients_may_be_the_server() -> None:
    lines = [tail("198.51.100.7", '"203.0.113.80"'), tail("198.51.100.8", '"203.0.113.80"')]
    with pytest.raises(AmbiguousFormatError, match=r"--format nginx-main .* or --format combined"):
        described(lines)


def test_two_fields_with_different_addresses_are_refused() -> None:
    with pytest.raises(AmbiguousFormatError, match="more than one field after the user agent"):
        described([tail("10.0.0.1", '"198.51.100.41" "203.0.113.5"')])


def test_two_fields_with_the_same_address_agree() -> None:
    assert clients(tail("10.0.0.1", '"198.51.100.41" "198.51.100.41, 10.0.0.2"')) == ["198.51.100.41"]


def test_a_list_in_front() -> None:
    lines = [
        f"198.51.100.41, 10.0.0.1 - - {REST} {AGENT}",
        f"198.51.100.42 - - {REST} {AGENT}",
        f"- - - {REST} {AGENT}",
    ]
    assert described(lines) == "combined (detected)"
    assert clients(*lines) == ["198.51.100.41", "198.51.100.42", "no_client"]


def test_lines_before_a_damaged_end_are_kept() -> None:
    def lines() -> Iterator[bytes]:
        yield EXAMPLES["combined"].encode() + b"\n"
        raise FileReadError("access.log.gz: the compressed file is damaged or cut short")

    found = detect(lines())
    assert found.description == "combined (detected)"
    assert next(found.lines) == EXAMPLES["combined"].encode() + b"\n"
    with pytest.raises(FileReadError, match="damaged"):
        next(found.lines)


def test_long_samples_are_cut() -> None:
    taken = []

    def lines() -> Iterable[bytes]:
        for n in range(SAMPLE_LINES):
            taken.append(n)
            yield b"x" * 1_000_000 + b"\n"

    detect(lines())
    assert len(taken) == 5
