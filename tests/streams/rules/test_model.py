"""The fields of rules, and the names that caps count under."""

from schemas.columns import EVENT_HEAD
from streams.rules.model import FIELDS, Kind, Rule, kind_of
from tests.tables import table


@table(
    ("field", "kind"),
    [
        ("url_path", Kind.TEXT),
        ("country", Kind.TEXT),
        ("duration_s", Kind.NUMBER),
        ("bot", Kind.FLAG),
        ("properties.plan", Kind.TEXT),
        ("properties.", None),
        ("properties", None),
        ("channel", None),  # a rule names its channel and types elsewhere
        ("rule", None),
        ("no_such_column", None),
    ],
)
def test_the_kind_of_a_field(field: str, kind: Kind | None) -> None:
    assert kind_of(field) is kind


def test_every_field_is_a_column_of_events() -> None:
    assert FIELDS.keys() <= {column.name for column in EVENT_HEAD}


def test_a_group_shares_its_cap() -> None:
    assert Rule("page_view", "visits", 1.0).scope == "page_view"
    assert Rule("page_view", "visits", 1.0, group="pages").scope == "pages"
