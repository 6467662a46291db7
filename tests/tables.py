"""One test for a whole table of cases: a word list of hundreds of microseconds each is one line of the report.

@table(("text", "phone"), [("030 901820", "+4930901820"), ...])
def test_phones(text: str, phone: str) -> None: ...
"""

import functools
import inspect
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

SHOWN: Final = 20  # failed cases that are described; all are counted


class _FailedError(AssertionError):
    """Cases of a table failed."""


def table(names: str | Sequence[str], cases: Collection[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have a test called with every case. All are run; the failed ones are listed together.

    `names` are the arguments that a case fills, as in `pytest.mark.parametrize`; others are fixtures, shared by all
    cases. A case is the value of a single name, else a sequence of as many values as there are names. Two above a
    test make every combination.
    """
    filled = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    assert cases, "a table without cases tests nothing"

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            failed = [text for case in cases if (text := _failure(test, _values(filled, case), fixtures))]
            if failed:
                raise _FailedError("\n".join([f"{len(failed)} of {len(cases)} cases fail:", *failed[:SHOWN]]))

        signature = inspect.signature(test)
        fixtures = [parameter for name, parameter in signature.parameters.items() if name not in filled]
        assert len(fixtures) == len(signature.parameters) - len(filled), "the test does not take what a case has"
        run.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return run

    return decorate


def _values(names: Sequence[str], case: Any) -> dict[str, Any]:
    values = (case,) if len(names) == 1 else tuple(case)
    return dict(zip(names, values, strict=True))


def _failure(test: Callable[..., None], values: dict[str, Any], fixtures: dict[str, Any]) -> str | None:
    """Return the case and what is wrong with it; None if it passes."""
    try:
        test(**values, **fixtures)
    except Exception as error:
        case = ", ".join(f"{name}={value!r:.200}" for name, value in values.items())
        lines = str(error).splitlines()[: SHOWN if isinstance(error, _FailedError) else 1]
        return "\n    ".join(
            [f"  {case}: {type(error).__name__.lstrip('_')}: {next(iter(lines), ''):.300}", *lines[1:]]
        )
    return None
