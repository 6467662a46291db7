"""The environments of the peers: pinned requirements, and a clear message if one cannot be created."""

from pathlib import Path

import pytest

from tests.benchmarks.peers.environment import OWN, READY, NoEnvironmentError, make_environment

PEERS = sorted(path.parent.name for path in OWN.glob("*/requirements.txt"))


@pytest.mark.parametrize("peer", PEERS)
def test_requirements_are_pinned_and_name_no_index(peer: str) -> None:
    lines = (OWN / peer / "requirements.txt").read_text().splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert pinned
    assert [line for line in pinned if line.count("==") != 1 or "/" in line or line.startswith("-")] == []


def test_impossible_environment_is_reported_in_a_sentence(tmp_path: Path) -> None:
    cache = tmp_path / "bench"
    cache.touch()  # a file where a folder should be
    with pytest.raises(NoEnvironmentError, match="The environment of faust_stock cannot be created, so it is omitted"):
        make_environment("faust_stock", print, cache)


@pytest.mark.slow  # makes a virtual environment
def test_unfinished_environment_is_created_again_and_a_finished_one_reused(tmp_path: Path) -> None:
    progress: list[str] = []
    peer, cache = tmp_path / "peer", tmp_path / "bench"
    peer.mkdir()
    (peer / "requirements.txt").write_text("# nothing\n")
    half = cache / "peer-0" / "left"
    half.parent.mkdir(parents=True)
    half.touch()
    first = make_environment("peer", progress.append, cache, own=tmp_path)
    assert first.exists()
    assert (first.parents[1] / READY).exists()
    assert not half.exists()
    assert make_environment("peer", progress.append, cache, own=tmp_path) == first
    assert len(progress) == 1
