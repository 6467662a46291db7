import tomllib

from streams.rules.toml_lines import scan

TEXT = '''# [[rule]] in a comment is none
half_life_days = 7

[[rule]]
name = "a"
"type" = ["page",
          "click"]   # goes on
note = """
[[rule]]
name = "inside a text"
\\""" still inside """
weight = 1

[[rule]]  # the second
name = 'b # no comment'
[rule.when]
url_path = { ">=" = 1 }
properties."a.b" = 'x'
[other.table]
key = 1
'''


def test_every_key_has_its_line() -> None:
    lines = scan(TEXT)
    assert len(lines.rules) == len(tomllib.loads(TEXT)["rule"])
    assert lines.rules == [4, 14]
    assert {path: line for (rule, path), line in lines.keys.items() if rule is None} == {
        ("half_life_days",): 2,
        ("other", "table"): 19,
        ("other", "table", "key"): 20,
    }
    assert {path: line for (rule, path), line in lines.keys.items() if rule == 0} == {
        ("name",): 5,
        ("type",): 6,
        ("note",): 8,
        ("weight",): 12,
    }
    assert lines.of(1, "when", "url_path", ">=") == 17
    assert lines.of(1, "when", "properties", "a.b") == 18
    assert lines.of(1, "when", "missing") == 16
    assert lines.of(1, "missing") == 14
    assert lines.of(None, "missing") == 1


def test_rules_in_one_line_stand_where_the_key_stands() -> None:
    lines = scan('late_days = 3\nrule = [\n  {name = "a"},\n]\nhalf_life_days = 2\n')
    assert lines.of(0, "name") == 2
    assert lines.of(None, "half_life_days") == 5
