"""Python and ClickHouse must say the same of every touch: random rules over hostile values."""

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from streams.rules.evaluator import Rules, load_rules
from streams.rules.sql import quote, to_sql
from tests.embedded_clickhouse import query
from tests.scale import scaled

Row = dict[str, object]

# fmt: off
HOSTILE: Final = (
    "", " ", "0", "-0", "00", "5", "-5", "5.0", "5.5", "05.50", " 5", "5 ", "5\n", "+5", "5.", ".5", "1e3", "0x5", "٥",
    "５", "999999999", "1000000000", "999999999.999999", "0.000001", "0.0000001", "-0.1", "0.1", "0.3", "nan", "inf",
    "NULL", "true", "a", "A", "b", "ab", "a'b", "a\\b", "\\", "'", "%", "_", "a\x00b", "\x00", "a\tb", "a\nb", "\x7f",
    "\u2028", "ß", "ẞ", "é", "e\u0301", "😀", "😀x", "/pricing", "/Pricing", "\\x61", "\\0", "{x:String}", "')) --",
)
# fmt: on
NUMBERS: Final = [0, 1, 5, -5, 5.5, 0.1, 0.3, -0.1, 0.000001, 999999999, 999999999.999999, 123456.654321]
TEXT_FIELDS: Final = ("url_path", "country", "message_id", "properties.p", "properties.it's \\ odd")
CHANNELS: Final = ("visits", "emails")
TYPES: Final = ("page", "click", "o'dd")

texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
numbers = st.sampled_from(NUMBERS) | st.integers(-9999, 9999).map(lambda n: n / 100)
orders = st.sampled_from([">", ">=", "<", "<=", "=", "!="])
text_question = st.one_of(
    st.tuples(st.sampled_from(["=", "!="]), texts),
    st.tuples(st.sampled_from(["contains", "starts_with", "ends_with"]), texts.filter(bool)),
    st.tuples(st.just("in"), st.lists(texts, min_size=1, max_size=3)),
    st.tuples(orders, numbers),
    st.tuples(st.just("in"), st.lists(numbers, min_size=1, max_size=3)),
    st.tuples(st.just("exists"), st.booleans()),
)
number_question = st.one_of(
    st.tuples(orders, numbers),
    st.tuples(st.just("in"), st.lists(numbers, min_size=1, max_size=3)),
    st.tuples(st.just("exists"), st.booleans()),
)
conditions = st.dictionaries(
    st.sampled_from(TEXT_FIELDS), st.lists(text_question, min_size=1, max_size=2).map(dict), max_size=2
).flatmap(
    lambda when: st.one_of(
        st.just(when),
        st.lists(number_question, min_size=1, max_size=2).map(lambda asked: when | {"duration_s": dict(asked)}),
        st.tuples(st.sampled_from(["=", "!="]), st.booleans()).map(lambda asked: when | {"bot": dict([asked])}),
    )
)
rule = st.fixed_dictionaries(
    {"channel": st.sampled_from(CHANNELS), "weight": numbers, "when": conditions},
    optional={
        "type": st.lists(st.sampled_from(TYPES), min_size=1, max_size=2),
        "cap": st.integers(1, 9),
        "cap_per": st.sampled_from(TEXT_FIELDS),
    },
)
row = st.fixed_dictionaries(
    {
        "channel": st.sampled_from((*CHANNELS, "calls")),
        "type": st.sampled_from(TYPES),
        "url_path": texts,
        "country": texts,
        "message_id": texts,
        "duration_s": st.none() | numbers.map(float),
        "bot": st.booleans(),
        "properties": st.dictionaries(st.sampled_from(["p", "it's \\ odd", "other"]), texts, max_size=3),
    }
)


def toml(value: object) -> str:
    """A value in TOML, which writes strings as JSON does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return f"{value:.6f}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def rules_of(tables: list[dict[str, object]]) -> Rules:
    text = ""
    for number, table in enumerate(tables):
        if "cap" not in table:
            table = {key: value for key, value in table.items() if key != "cap_per"}
        text += f'[[rule]]\nname = "r{number}"\n' + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    rules = load_rules(text, "rules.toml")
    assert isinstance(rules, Rules), [str(error) for error in rules]
    return rules


def table_of(rows: list[Row]) -> str:
    """The rows as a table with the column types of `events`."""
    label = "LowCardinality(String)"
    structure = (
        f"channel {label}, type {label}, url_path String, country {label}, message_id String, name {label}, "
        "duration_s Nullable(Float64), bot Bool, properties Map(String, String)"
    )
    return f"values({quote(structure)}, {', '.join(map(values_of, rows))})"


def values_of(row: Row) -> str:
    properties = row["properties"]
    assert isinstance(properties, dict)
    pairs = ", ".join(quote(part) for pair in properties.items() for part in pair)
    values = [quote(str(row[name])) for name in ("channel", "type", "url_path", "country", "message_id")]
    values.append(quote(str(row.get("name", ""))))
    values += ["NULL" if row["duration_s"] is None else repr(row["duration_s"]), "true" if row["bot"] else "false"]
    values.append(f"map({pairs})" if pairs else "CAST(map(), 'Map(String, String)')")
    return f"({', '.join(values)})"


def ask(expressions: Iterable[str], rows: list[Row]) -> list[list[object]]:
    answer = query(f"SELECT {', '.join(expressions)} FROM {table_of(rows)}", "JSONCompactEachRow")
    return [json.loads(line) for line in str(answer).split("\n") if line]  # splitlines would split at more


def asked(rules: Rules, rows: list[Row]) -> list[tuple[object, ...]]:
    """Return the results of ClickHouse for the rows."""
    return [tuple(answer) for answer in ask(to_sql(rules), rows)]


@settings(
    max_examples=scaled(25),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(rule, min_size=1, max_size=12), st.lists(row, min_size=100, max_size=150))
def test_python_and_clickhouse_agree(tables: list[dict[str, object]], rows: list[Row]) -> None:
    rules = rules_of(tables)
    python = [tuple(rules.match(one)) for one in rows]
    differ = [
        (one, theirs, ours)
        for one, theirs, ours in zip(rows, asked(rules, rows), python, strict=True)
        if theirs != ours
    ]
    assert not differ, (differ[0], rules.rules)


@pytest.mark.parametrize("field", ["url_path", "country", "properties.p"])
def test_every_hostile_text_against_every_question(field: str) -> None:
    rows: list[Row] = [
        {"channel": "visits", "type": "page", "url_path": text, "country": text, "message_id": "", "duration_s": None}
        | {"bot": False, "properties": {"p": text}}
        for text in HOSTILE
    ]
    questions: list[dict[str, object]] = [
        {op: number} for op in (">", ">=", "<", "<=", "=", "!=") for number in NUMBERS
    ]
    questions += [{op: text} for op in ("=", "contains", "starts_with", "ends_with") for text in HOSTILE if text]
    sets = [rules_of([{"channel": "visits", "weight": 1, "when": {field: question}}]) for question in questions]
    answers = ask((f"{to_sql(rules).rule} AS q{number}" for number, rules in enumerate(sets)), rows)
    for number, (rules, question) in enumerate(zip(sets, questions, strict=True)):
        python = [rules.match(one).rule for one in rows]
        assert [answer[number] for answer in answers] == python, question


def test_no_rules_and_the_defaults() -> None:
    rows: list[Row] = [
        {"channel": channel, "type": type_, "url_path": "/", "country": "", "message_id": "m", "duration_s": 1.0}
        | {"bot": False, "properties": {}}
        for channel in ("visits", "emails")
        for type_ in ("page", "form", "search", "clicked", "bounced", "sent")
    ]
    none = rules_of([])
    assert asked(none, rows) == [("", 0.0, 0, "")] * len(rows)
    defaults = load_rules(Path("streams/rules/default.toml").read_text(), "rules.toml")
    assert isinstance(defaults, Rules)
    mails = Rules(tuple(rule for rule in defaults.rules if rule.channel in ("visits", "emails")), 1, 1)
    answers = asked(mails, rows)
    assert answers == [tuple(defaults.match(one)) for one in rows]
    assert {name for name, *_ in answers} == {"page_view", "form", "site_search", "mail_clicked", "mail_bounced", ""}


def test_amounts_of_money_are_compared_in_their_unit() -> None:
    amounts = [None, 0, 1, 258_999, 259_000, 259_001, 10**18 - 1]  # ten-thousandths, as intake has them
    questions: list[dict[str, object]] = [
        {op: number} for op in (">", ">=", "<", "<=", "=", "!=") for number in (0, 0.0001, 25.9, 999_999_999)
    ]
    questions += [{"in": [0, 25.9]}, {"exists": True}, {"exists": False}]
    sets = [rules_of([{"channel": "orders", "weight": 1, "when": {"total": question}}]) for question in questions]
    rows = ", ".join("(NULL)" if one is None else f"('{Decimal(one) / 10_000:.4f}')" for one in amounts)
    source = f"SELECT 'orders' AS channel, total FROM values('total Nullable(Decimal(18, 4))', {rows})"
    expressions = ", ".join(f"{to_sql(rules).rule} AS q{number}" for number, rules in enumerate(sets))
    lines = str(query(f"SELECT {expressions} FROM ({source})", "JSONCompactEachRow")).splitlines()
    answers = [json.loads(line) for line in lines]
    for number, (rules, question) in enumerate(zip(sets, questions, strict=True)):
        python = [rules.match({"channel": "orders", "total": one}).rule for one in amounts]
        assert [answer[number] for answer in answers] == python, question
