"""Every SQL of every dashboard by clickhouse-go, which Grafana's plugin uses, against the embedded engine."""

from deploy.grafana.__main__ import BOARDS
from sinks.clickhouse.client import Address
from tests.deploy.grafana.board_checks import VARIABLES, queries_of, ranges
from tests.deploy.grafana.macros import expand_sql
from tests.deploy.grafana_probe.probe import ask


def test_the_driver_reads_the_answer_of_each_panel(grafana_address: Address) -> None:
    longest = ranges()[-1]
    queries = [query for make in BOARDS for query in queries_of(make()) if query.kind != "promql"]
    statements = [expand_sql(query.text, longest, VARIABLES) for query in queries]
    here = grafana_address
    answers = ask(here.port, here.user, here.password, here.database, statements)
    assert len(answers) > 40
    for query, answer in zip(queries, answers, strict=True):
        assert (query.title, answer.error) == (query.title, "")
        assert answer.rows, query.title
