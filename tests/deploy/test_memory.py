"""The default is half of the memory of the machine or of the container."""

from pathlib import Path

import pytest

from deploy import memory

MACHINE_MB = 8192


@pytest.mark.parametrize(
    ("limit", "expected_mb"),
    [(None, 4096), ("max", 4096), (str(4096 << 20), 2048), (str(1 << 62), 4096), (str(512 << 20), 1024), ("0", 4096)],
)
def test_the_default_is_half_of_the_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str | None, expected_mb: int
) -> None:
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": (MACHINE_MB << 20) // 4096}
    monkeypatch.setattr(memory.os, "sysconf", pages.__getitem__)
    monkeypatch.setattr(memory, "_CGROUP_LIMITS", (tmp_path / "memory.max",))
    if limit is not None:
        (tmp_path / "memory.max").write_text(f"{limit}\n")
    assert memory.default_memory_mb() == expected_mb
