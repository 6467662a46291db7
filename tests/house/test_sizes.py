"""No module, test or helper has more lines than somebody reads in one go."""

from tests.house.files import PACKAGES, files

MOST_LINES = 300


def test_no_file_is_longer_than_one_reads() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*PACKAGES, "tests", suffix=".py")
    }
    assert len(lengths) > 500
    assert {str(path): length for path, length in lengths.items() if length > MOST_LINES} == {}
