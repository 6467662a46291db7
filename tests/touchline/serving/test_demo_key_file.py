"""The file with the demo key."""

from pathlib import Path

from touchline.serving.demo_key_file import NAME, read_demo_key


def test_the_key_of_a_folder(tmp_path: Path) -> None:
    assert read_demo_key(tmp_path) == ""
    (tmp_path / NAME).write_text("tl_abc\n")
    assert read_demo_key(tmp_path) == "tl_abc"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert read_demo_key(tmp_path) == ""
