"""The environment of peers in Java: pinned jars from no particular repository, and a clear message without Java."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks.peers.environment import OWN, READY, NoEnvironmentError
from tests.benchmarks.peers.java_environment import make_java_environment

PEERS = sorted(path.parent.name for path in OWN.glob("*/pom.xml"))


@pytest.mark.parametrize("peer", PEERS)
def test_jars_are_pinned_and_the_pom_names_no_repository(peer: str) -> None:
    pom = ElementTree.parse(OWN / peer / "pom.xml")
    versions = [one.findtext("{*}version") or "" for one in pom.iterfind(".//{*}dependency")]
    assert versions
    assert [version for version in versions if not version.replace(".", "").isdigit()] == []
    assert pom.find(".//{*}repository") is None


def test_missing_java_is_reported_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n")
    java.chmod(0o700)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(NoEnvironmentError, match=r"cannot be built, so it is omitted(?s:.*)has no javac beside it"):
        make_java_environment("kafka_streams", print, tmp_path / "bench")


def test_finished_environment_is_reused(tmp_path: Path) -> None:
    progress: list[str] = []
    cache = tmp_path / "bench"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "tests.benchmarks.peers.java_environment._make", lambda peer, java, folder: folder.mkdir(parents=True)
        )
        first = make_java_environment("kafka_streams", progress.append, cache)
        assert make_java_environment("kafka_streams", progress.append, cache) == first
    assert len(list(cache.glob(f"kafka_streams-*/{READY}"))) == 1
    assert len(progress) == 1
