"""A pre-commit hook: end each given text file with exactly one newline. Exit code 1 when a file was changed."""

import sys
from pathlib import Path


def fix_end(path: Path) -> bool:
    """Rewrite the file when it does not end with exactly one newline. Returns whether it did not."""
    content = path.read_bytes()
    fixed = content.rstrip(b"\n") + b"\n" if content.strip(b"\n") else b""
    if fixed == content:
        return False
    path.write_bytes(fixed)
    return True


if __name__ == "__main__":
    changed = [name for name in sys.argv[1:] if fix_end(Path(name))]
    for name in changed:
        print(f"fixed the end of {name}")
    sys.exit(1 if changed else 0)
