"""Faust's, aiokafka's and other libraries' methods that Touchline overrides, replaces or reads are those it knows.

An update of a library that changes one of them fails here, before it shows as a worker that loses or repeats records.
"""

import pytest

from tests.house import library_internals
from tests.house.library_fingerprints import FINGERPRINTS, OWN, PRIVATE
from tests.house.library_internals import fingerprint, overrides, private_names, resolve, version_of


def users(path: str) -> str:
    """The modules of ours that override what a path names, or use it by a private name."""
    names = [name for name, paths in PRIVATE.items() if path in paths]
    found = {module for name, module in private_names().items() if name in names}
    return ", ".join(sorted({*found, *filter(None, [overrides().get(path)])}))


def describe_change(path: str) -> str | None:
    """Return one sentence about a method that is not the one we know, with what to do; None if it is."""
    try:
        now = fingerprint(path)
    except AttributeError:
        return (
            f"{version_of(path)} has no {path} any more, which {users(path)} overrides or uses: find what replaces it, "
            "adapt our module and tests/house/library_fingerprints.py."
        )
    if now == FINGERPRINTS[path]:
        return None
    return (
        f"{version_of(path)} has another {path} than the one {users(path)} was written against: compare both versions, "
        f'adapt our module, then set its fingerprint to "{now}" in tests/house/library_fingerprints.py.'
    )


def test_the_methods_we_depend_on_are_unchanged() -> None:
    changes = [change for path in FINGERPRINTS if (change := describe_change(path))]
    assert not changes, "\n".join(changes)


def test_every_overridden_method_has_a_fingerprint() -> None:
    assert len(overrides()) > 20
    assert overrides().keys() - FINGERPRINTS.keys() == set(), "add them to tests/house/library_fingerprints.py"


def test_every_private_name_is_listed_with_what_gives_it_its_meaning() -> None:
    assert private_names().keys() == PRIVATE.keys() | OWN, "change tests/house/library_fingerprints.py"
    listed = {path for paths in PRIVATE.values() for path in paths}
    assert listed | overrides().keys() == FINGERPRINTS.keys()


def test_a_changed_method_is_reported_with_our_module_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "aiokafka.consumer.fetcher.Fetcher._proc_fetch_request"
    fetcher = resolve("aiokafka.consumer.fetcher.Fetcher")
    monkeypatch.setattr(fetcher, "_proc_fetch_request", lambda self, assignment, node_id, request, more: None)
    change = describe_change(path)
    assert change is not None
    assert change.startswith("aiokafka ")
    assert f"has another {path} than the one streams." in change
    assert f'set its fingerprint to "{fingerprint(path)}"' in change
    monkeypatch.delattr(fetcher, "_proc_fetch_request")
    assert f"has no {path} any more" in str(describe_change(path))


def test_a_method_without_python_source_is_known_by_the_version() -> None:
    assert fingerprint("aiokafka.record._crecords.default_records.DefaultRecordBatch") == version_of("aiokafka")
    assert library_internals.version_of("faust.app").startswith("faust-streaming ")
