"""The part of `requirements.lock` that an installation needs: `python runtime_lock.py REPORT LOCK`.

The lock also has what tests and tools need. REPORT is what `pip install --dry-run --report` would install; its
distributions are looked up in the lock and printed with their hashes, for `pip install --require-hashes`.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path


def canonical(name: str) -> str:
    """Return the normalised name of a distribution (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: str) -> dict[str, str]:
    """Return the entries of a lock as text, by canonical name; a name has several if markers choose the version."""
    found = re.finditer(r"^([^\s=\[]+)\S*==(?:.*\\\n)*.*\n?", lock, re.MULTILINE)
    texts: dict[str, str] = {}
    for entry in found:
        texts[canonical(entry[1])] = texts.get(canonical(entry[1]), "") + entry[0]
    return texts


def runtime_lock(names: Iterable[str], lock: str) -> str:
    """Return the entries of these distributions. Raises ValueError if one is not in the lock."""
    known = entries(lock)
    wanted = sorted({canonical(name) for name in names})
    if missing := [name for name in wanted if name not in known]:
        raise ValueError(f"not in the lock: {', '.join(missing)}; make the lock anew")
    return "".join(known[name] for name in wanted)


def installed_by(report: str) -> list[str]:
    """Return the names of the distributions of pip's report, without those of a folder (the project itself)."""
    return [one["metadata"]["name"] for one in json.loads(report)["install"] if "dir_info" not in one["download_info"]]


if __name__ == "__main__":
    report_path, lock_path = map(Path, sys.argv[1:])
    sys.stdout.write(runtime_lock(installed_by(report_path.read_text("utf-8")), lock_path.read_text("utf-8")))
