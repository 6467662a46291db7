"""Options of imports: pairs, replaced words, and wrong ones."""

import pytest

from tests.tables import table
from touchline.cli.imports.options import checked_options, pairs, replacements
from touchline.errors import CliError


def test_pairs() -> None:
    assert pairs("--map", ("who=email", "crm no=ids.crm", "a=b=c")) == {"who": "email", "crm no": "ids.crm", "a": "b=c"}


@table(
    ("given", "sentence"),
    [
        (("who",), "--map 'who' is not of the form NAME=VALUE."),
        (("=email",), "--map '=email' is not of the form NAME=VALUE."),
        (("who=a", "who=b"), "--map names 'who' twice."),
    ],
)
def test_wrong_pairs(given: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CliError) as caught:
        pairs("--map", given)
    assert (str(caught.value), caught.value.code) == (sentence, 2)


def test_words_are_compared_without_case() -> None:
    assert replacements(("result:ANSWERED=answered", "result:a=b=c", "result:answered=answered")) == {
        ("result", "answered"): "answered",
        ("result", "a=b"): "c",
    }


@table("given", [("result",), ("result:x",), (":x=y",), ("result:x=y", "result:X=z")])
def test_wrong_words(given: tuple[str, ...]) -> None:
    with pytest.raises(CliError) as caught:
        replacements(given)
    assert caught.value.code == 2


def test_wrong_option_is_a_sentence() -> None:
    def make() -> None:
        raise ValueError("the delimiter must be one character")

    with pytest.raises(CliError, match=r"^the delimiter must be one character\.$"):
        checked_options(make)
    assert checked_options(lambda: 7) == 7
