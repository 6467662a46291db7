"""Which tests share a test process: those of a file, and of folders whose tests share an expensive fixture."""

from typing import Final

from xdist.scheduler import LoadFileScheduling

SHARING: Final = ("tests/dashboards/answers/", "tests/dashboards/api/", "tests/dashboards/pages/")
"""Folders whose tests ask one filled database, one running API or one browser."""


def is_shared(nodeid: str) -> bool:
    """Return whether a test is in one of those folders."""
    return nodeid.startswith(SHARING)


class FolderScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Gives the tests of a file, or of a folder of `SHARING`, to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in SHARING if nodeid.startswith(folder)), super()._split_scope(nodeid))
