"""The part of the lock that the image installs."""

import json

import pytest

from deploy.runtime_lock import canonical, entries, installed_by, runtime_lock
from tests.docs.pages import text_of

LOCK = """a==1 \\
    --hash=sha256:01 \\
    --hash=sha256:02
b-c==2.0 ; python_version < '3.12' \\
    --hash=sha256:03
d[extra]==3 \\
    --hash=sha256:04
"""


def test_entries_have_all_their_hashes() -> None:
    found = entries(LOCK)
    assert list(found) == ["a", "b-c", "d"]
    assert found["a"].count("--hash") == 2
    assert "".join(found.values()) == LOCK


def test_only_what_is_wanted_is_kept_whatever_its_spelling() -> None:
    assert runtime_lock(["B_c", "A"], LOCK) == "".join(LOCK.splitlines(keepends=True)[:5])


def test_what_the_lock_lacks_is_named() -> None:
    with pytest.raises(ValueError, match=r"not in the lock: e, f; make the lock anew"):
        runtime_lock(["a", "f", "e"], LOCK)


def test_the_project_itself_is_not_looked_up() -> None:
    archive = {"metadata": {"name": "a"}, "download_info": {"archive_info": {}}}
    folder = {"metadata": {"name": "touchline"}, "download_info": {"dir_info": {}}}
    assert installed_by(json.dumps({"install": [archive, folder]})) == ["a"]


def test_the_lock_of_the_repository_is_read() -> None:
    lock = text_of("requirements.lock")
    assert "".join(entries(lock).values()) == lock
    assert canonical("Faust_Streaming") in entries(lock)
