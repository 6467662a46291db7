"""Written conditions: their meaning, and the errors of invalid ones."""

from streams.rules.condition_validator import read_conditions
from streams.rules.model import Condition, Op
from tests.tables import table


@table(
    ("when", "conditions"),
    [
        ({}, []),
        ({"url_path": "/a"}, [Condition("url_path", Op.IS, ("/a",))]),
        ({"url_path": "/café"}, [Condition("url_path", Op.IS, ("/caf%C3%A9",))]),
        ({"url_path": ["/a", "/b"]}, [Condition("url_path", Op.IN, ("/a", "/b"))]),
        (
            {"duration_s": {">=": 60, "<": 600}},
            [Condition("duration_s", Op.AT_LEAST, (60.0,)), Condition("duration_s", Op.BELOW, (600.0,))],
        ),
        ({"properties.plan": {"exists": True}}, [Condition("properties.plan", Op.EXISTS, (True,))]),
        ({"properties": {"plan": "pro"}}, [Condition("properties.plan", Op.IS, ("pro",))]),
        ({"bot": False}, [Condition("bot", Op.IS, (False,))]),
        ({"properties.n": {">": 1.5}}, [Condition("properties.n", Op.ABOVE, (1.5,))]),
    ],
)
def test_good_conditions(when: object, conditions: list[Condition]) -> None:
    found = read_conditions(when)
    assert found.wrong == []
    assert list(found.conditions) == conditions


@table(
    ("when", "path", "words"),
    [
        ("url_path", (), "when is not a table of conditions"),
        ({"url_pth": "/a"}, ("url_pth",), "there is no field 'url_pth'"),
        ({"url_path": {"like": "/a"}}, ("url_path",), "'like' is not an operator for 'url_path'"),
        ({"url_path": {"exists": "yes"}}, ("url_path",), "takes true or false"),
        ({"bot": {"exists": True}}, ("bot",), "takes true or false"),
        ({"url_path": {"in": "/a"}}, ("url_path",), "takes a list"),
        ({"url_path": []}, ("url_path",), "takes a list"),
        ({"url_path": ["/a", 1]}, ("url_path",), "mixes texts and other values"),
        ({"bot": "yes"}, ("bot",), "is only true or false"),
        ({"country": True}, ("country",), "not true or false"),
        ({"duration_s": "60"}, ("duration_s",), "is a number and compared with a text"),
        ({"url_path": {">": "/a"}}, ("url_path",), "compares numbers, not texts"),
        ({"url_path": {"contains": ""}}, ("url_path",), "is always true"),
        ({"url_path": {"contains": 1}}, ("url_path",), "compares texts, not numbers"),
        ({"duration_s": 1e9}, ("duration_s",), "is compared with 1000000000.0"),
        ({"duration_s": 0.1234567}, ("duration_s",), "is compared with 0.1234567"),
        ({"duration_s": float("nan")}, ("duration_s",), "is compared with nan"),
        ({"url_path": None}, ("url_path",), "neither text nor number"),
        ({"properties": {"plan": {"like": "x"}}}, ("properties", "plan"), "is not an operator"),
    ],
)
def test_wrong_conditions_are_named_with_their_place(when: object, path: tuple[str, ...], words: str) -> None:
    found = read_conditions(when)
    ((where, what, advice),) = found.wrong
    assert where == path
    assert words in what
    assert advice
    assert not found.conditions


def test_a_field_that_is_nearly_one_is_suggested() -> None:
    ((_, _, advice),) = read_conditions({"url_pth": "/a"}).wrong
    assert advice == "did you mean 'url_path'"
