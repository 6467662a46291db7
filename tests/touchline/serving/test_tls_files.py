"""Files for TLS that cannot be used end the command with what to correct."""

from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.serving.tls_files import check_tls


def test_no_tls() -> None:
    check_tls(None, None)


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    text = tmp_path / "cert.pem"
    text.write_text("no certificate")
    for cert, key, words in ((text, None, "TLS needs both"), (text, text, "PEM files"), (text, tmp_path / "k", "/k ")):
        with pytest.raises(CliError, match=words):
            check_tls(cert, key)
