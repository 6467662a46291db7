from pathlib import Path

import pytest

from deploy.cluster_id import read_cluster_id, write_cluster_id

CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg"


def write_properties(folder: Path, text: str) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "meta.properties").write_text(text)


def test_an_id_is_read_back(tmp_path: Path) -> None:
    assert read_cluster_id(tmp_path) == ""
    write_cluster_id(tmp_path, CLUSTER)
    assert read_cluster_id(tmp_path) == CLUSTER


@pytest.mark.parametrize("content", [b"", b"\n", b"MkU3OEVBNTcw", b"\xff\xfe\x00", b"{}", b"two ids"])
def test_a_damaged_file_is_replaced_by_kafkas_own_record(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cluster-id").write_bytes(content)
    write_properties(tmp_path, f"#\nnode.id=1\nversion=1\ncluster.id={CLUSTER}\n")
    assert read_cluster_id(tmp_path) == CLUSTER


@pytest.mark.parametrize("properties", [None, "", "node.id=1\n", "cluster.id=\n", "cluster.id=short\n"])
def test_a_folder_whose_id_is_lost_is_not_formatted_again(tmp_path: Path, properties: str | None) -> None:
    (tmp_path / "cluster-id").write_bytes(b"")
    if properties is not None:
        write_properties(tmp_path, properties)
    with pytest.raises(ValueError, match=r"cluster-id is damaged.*restore one of them from a backup"):
        read_cluster_id(tmp_path)
