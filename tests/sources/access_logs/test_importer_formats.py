"""Formats of access logs in the importer: given, detected, announced, and rejected."""

from dataclasses import replace

import pytest

from sources.access_logs.detect import AmbiguousFormatError
from sources.access_logs.importer import read_access_log
from sources.outcome import Reject, Skip
from tests.sources.access_logs.importing import OPTIONS, line, made_by, outcomes, touch


def test_a_w3c_log_is_imported() -> None:
    text = "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\n"
    text += "2015-05-17 10:05:03 203.0.113.7 GET /a b=1 200 Mozilla/5.0"
    assert made_by(text) == [("203.0.113.7", "https://www.example.com/a?b=1")]
    assert outcomes(text.split("\n")[0].encode() + b"\n") == [Skip("directive")]


def test_ids_and_visitors_do_not_depend_on_detection() -> None:
    pattern = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"'
    made = [touch(line("/a?b=1"), replace(OPTIONS, format=one)) for one in ("auto", "combined", "nginx-main", pattern)]
    assert made == [made[0]] * 4


def test_a_line_in_another_format_than_the_given_one_is_rejected() -> None:
    (outcome,) = outcomes(line(), options=replace(OPTIONS, format="vhost_combined"))
    assert isinstance(outcome, Reject)
    assert outcome.reason == "other_format"


def test_the_format_is_announced_before_the_first_outcome() -> None:
    announced: list[str] = []
    list(read_access_log([line()], OPTIONS, announced.append))
    list(read_access_log([line()], replace(OPTIONS, format="combined"), announced.append))
    list(read_access_log([b"what?\n"], OPTIONS, announced.append))
    assert announced == [
        "combined (detected)",
        "combined (given)",
        "unknown: name it with --format; lines in the combined format are read",
    ]


def test_a_file_of_two_formats_raises_before_its_first_outcome() -> None:
    reading = read_access_log([line(), line(host="www.example.com:443 198.51.100.7")], OPTIONS)
    with pytest.raises(AmbiguousFormatError, match="combined, vhost_combined"):
        next(reading)


def test_wrong_formats_and_aliases_raise_with_their_value() -> None:
    with pytest.raises(ValueError, match="there is no format 'apache'"):
        replace(OPTIONS, format="apache")
    with pytest.raises(ValueError, match="an alias must be the name of a host"):
        replace(OPTIONS, aliases=("https://a.example",))
