"""Tests mirror the source: each module that defines a function has a test file of its name in the same place."""

import ast
from pathlib import Path
from typing import Final

from tests.house.files import PACKAGES, ROOT, files

_WORKERS: Final = "only whole workers show it: tests/streams/runtime/test_worker.py and the journeys"
_REBUILD: Final = "rows are lost and restored on real services in tests/journeys/test_rebuild.py"
_LOCAL: Final = "processes of `touchline up` and `touchline demo`: tests/journeys/test_up.py, and `make demo` in CI"
_FAST_PATH: Final = "compared with the reference path, byte by byte, in tests/streams/intake/test_fast_path.py"
EXCEPTIONS: Final = {
    "streams/app.py": "Faust's entry point, without logic: tests/journeys/test_faust_command.py runs it",
    "streams/intake/channel_columns.py": _FAST_PATH,
    "streams/kafka/producer.py": _WORKERS,
    "touchline/worker/start.py": _WORKERS,
    "touchline/worker/wiring.py": _WORKERS,
    "sinks/rebuild/restore_pieces.py": _REBUILD,
    "sinks/rebuild/restore_reach.py": _REBUILD,
    "sinks/rebuild/restore_rollups.py": _REBUILD,
    "sinks/rebuild/restore_rows.py": _REBUILD,
    "sinks/rebuild/restore_states.py": _REBUILD,
    "sinks/rebuild/staging.py": _REBUILD,
    "touchline/ops/rebuild/rebuild.py": _REBUILD,
    "touchline/ops/rebuild/staging_filler.py": _REBUILD,
    "touchline/demo/once.py": _LOCAL,
    "touchline/local/engine.py": _LOCAL,
    "touchline/local/system.py": _LOCAL,
    "touchline/local/worker_process.py": _LOCAL,
}
"""Modules without a test file of their name, and where they are tested."""


def defines_a_function(path: Path) -> bool:
    """Return whether a module has code to be tested; others declare data, types and protocols."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    protocols = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_protocol(node)]
    declared = {id(inner) for protocol in protocols for inner in ast.walk(protocol)}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(id(node) not in declared for node in functions)


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base) == "Protocol" for base in node.bases)


def expected_test(path: Path) -> Path:
    """Return where the tests of a module are: `tests/deploy/engine/test_main.py` for `deploy/engine/__main__.py`."""
    relative = path.relative_to(ROOT)
    name = relative.stem.strip("_")
    return ROOT / "tests" / relative.parent / f"test_{name}.py"


def test_each_module_has_its_test_file() -> None:
    modules = [
        path for path in files(*PACKAGES, suffix=".py") if path.name != "__init__.py" and defines_a_function(path)
    ]
    assert len(modules) > 150
    missing = {path.relative_to(ROOT).as_posix() for path in modules if not expected_test(path).exists()}
    assert missing - EXCEPTIONS.keys() == set(), "write tests of these modules, in the place that the name says"
    assert EXCEPTIONS.keys() - missing == set(), "no exceptions any more: take them out of the list"


def test_the_tests_of_exceptions_exist() -> None:
    named = {word.rstrip(",") for reason in EXCEPTIONS.values() for word in reason.split() if word.startswith("tests/")}
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_where_the_tests_of_a_module_are() -> None:
    assert expected_test(ROOT / "deploy/engine/__main__.py") == ROOT / "tests/deploy/engine/test_main.py"
    assert expected_test(ROOT / "schemas/time.py") == ROOT / "tests/schemas/test_time.py"
