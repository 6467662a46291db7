"""Rules and a state of the pipeline for APIs of tests."""

from dashboards.answers.pipeline import CollectorHealth, DiskSpace, PipelineState, StageState, WorkerState
from dashboards.answers.rule_changes import KnownRule, Ruleset
from tests.dashboards.journey import HALF_LIFE_MS, rules
from tests.dashboards.people import END_MS

KNOWN = Ruleset(
    tuple(KnownRule(one.name, one.channel, one.weight, one.cap, one.group) for one in rules().rules), HALF_LIFE_MS
)
STATE = PipelineState(
    END_MS,
    (
        StageState("intake", "checks", 3, 12.5, END_MS - 400),
        StageState("engage", "scores", 0, 12.0, END_MS - 300),
        StageState("store", "writes", 40, 0.0, None),
    ),
    WorkerState(7, 2, 90, True, 0.2, 1.5, 300.0),
    CollectorHealth("http://127.0.0.1:8800", True),
    DiskSpace(5_000_000_000, 100_000_000_000),
    ("No worker reads timeline: start one.",),
)
