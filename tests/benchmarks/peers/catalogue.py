"""Every peer of the benchmark: which job it does, what runs it, and what it lacks beside Touchline."""

from dataclasses import dataclass
from typing import Final, Literal

Job = Literal["part", "whole"]


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer. `lacks` is a clause of plain words for the page of figures."""

    title: str
    folder: str  # in tests/benchmarks/peers, with its run.py
    job: Job  # "part": the job of README.md; "whole": Touchline's own decoding and fold
    lacks: str
    in_engine: bool = False  # the engine itself does the work, so that its CPU time is the peer's
    divisor: int = 1  # of the day; less state than the others have is in a slow peer's favour


CORE: Final = "core"
PEERS: Final = {
    CORE: Peer(
        "Touchline, this job alone",
        "touchline_core",
        "part",
        "a crash may repeat rows; the rest of Touchline, which this job does not ask for",
    ),
    "bytewax": Peer(
        "Bytewax",
        "bytewax_flow",
        "part",
        "state is on one disk only, without a changelog; the number of workers is fixed; a crash repeats rows",
    ),
    "quix": Peer("Quix Streams", "quix_streams", "part", "a crash repeats rows"),
    "kafka_streams": Peer(
        "Kafka Streams",
        "kafka_streams",
        "part",
        "state and touches exactly once, but the insertion of rows, by a consumer beside it, may repeat them after a "
        "crash; rows are visible only after a commit, every 5 s; it is Java",
    ),
    "faust": Peer(
        "Faust",
        "faust_stock",
        "part",
        "a crash may lose rows, since offsets are committed before rows are inserted",
        divisor=10,
    ),
    "clickhouse": Peer(
        "ClickHouse alone",
        "clickhouse_alone",
        "part",
        "no running count and score in a touch's row, both are computed for each answer; repeats are dropped in the "
        "background, so each query needs FINAL; messages that are refused are only counted",
        in_engine=True,
    ),
    "bytewax_whole": Peer(
        "Bytewax with our fold",
        "bytewax_whole",
        "whole",
        "state is on one disk only, without a changelog; the number of workers is fixed; a crash may repeat rows of "
        "the hourly and daily tables; ids are never forgotten; refused messages are only counted, without quarantine",
    ),
    "quix_whole": Peer(
        "Quix Streams with our fold",
        "quix_whole",
        "whole",
        "a crash may repeat rows of the hourly and daily tables; ids are never forgotten; refused messages are only "
        "counted, without quarantine; no protection of state from a worker that was thought dead",
    ),
}
