"""No output, as a view or as JSON, sends control characters from data to a terminal."""

import json
import types
import unicodedata
from dataclasses import fields, is_dataclass
from io import StringIO
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from dashboards.answers.audit import Audit
from dashboards.answers.explain import Explanation
from dashboards.answers.identities import Member
from dashboards.answers.profile import Profile
from dashboards.answers.quarantine import Refused
from dashboards.answers.timeline import Entry
from dashboards.answers.top import Ranked
from dashboards.terminal import views
from dashboards.terminal.live_tables import live_timeline, live_top
from touchline.cli import echo

HARMFUL = "\x1b\x07\x00\r\x7f\x85\x9b\x9d\u200b\u200d\u200e\u202a\u202e\u2066\u2069\u2028\ufeff\u061c\U000e0041"
texts = st.lists(st.sampled_from([*HARMFUL, "[red]", "[/x]", "a", "ש", ":smile:"]), min_size=1, max_size=6).map("".join)


def hostile(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a type whose texts have control characters."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{one.name: hostile(hints[one.name]) for one in fields(kind)})
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(hostile(one) for one in get_args(kind)))
    if get_origin(kind) in (tuple, list):
        return st.lists(hostile(get_args(kind)[0]), min_size=1, max_size=1).map(tuple)
    if get_origin(kind) is dict:
        name, value = get_args(kind)
        return st.dictionaries(hostile(name), hostile(value), min_size=1, max_size=1)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: texts,
        int: st.integers(0, 4_000_000_000_000),
        float: st.floats(0, 1e6),
        bool: st.booleans(),
        type(None): st.none(),
    }
    return simple[kind]


ANSWERS: list[tuple[Any, Any]] = [
    (Profile, views.profile_panel),
    (Explanation, views.explain_panel),
    (Audit, views.audit_panel),
    (Entry, lambda one: views.timeline_table([one])),
    (Entry, lambda one: live_timeline([one], 60, 5)),
    (Ranked, lambda one: views.top_table([one])),
    (Ranked, lambda one: live_top([one], 120)),
    (Refused, lambda one: views.quarantine_table([one])),
    (Member, lambda one: views.identity_table("[/x]\x1b", [one])),
]


def harmful(text: str) -> list[str]:
    return [one for one in text if one != "\n" and unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp", "Cs"}]


def printed(drawn: RenderableType, value: object, as_json: bool) -> str:
    out = StringIO()
    views.show(drawn, value, as_json, Console(file=out, width=100, markup=False, emoji=False, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize(("kind", "draw"), ANSWERS)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_output_has_no_control_characters(kind: Any, draw: Any, data: st.DataObject) -> None:
    value = data.draw(hostile(kind))
    assert harmful(printed(draw(value), value, as_json=False)) == []
    text = printed(draw(value), value, as_json=True)
    assert harmful(text) == []
    assert json.loads(text) == json.loads(msgspec.json.encode(value))


@given(texts)
def test_errors_have_no_control_characters(text: str) -> None:
    out = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        echo.echo(f"{text}\n{text}")
    assert harmful(out.getvalue()) == []
    assert ("[red]" in text) == ("[red]" in out.getvalue())
