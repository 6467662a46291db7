"""Checks of the files for TLS, before a server starts."""

import ssl
from pathlib import Path

from sources.collector.server import check_certificate
from touchline.errors import CliError


def check_tls(cert: Path | None, key: Path | None) -> None:
    """Raise CliError unless both are given and can be used, or neither is given."""
    if cert is None and key is None:
        return
    if cert is None or key is None:
        raise CliError("TLS needs both: a certificate with --tls-cert and its private key with --tls-key.")
    try:
        check_certificate(cert, key)
    except ssl.SSLError as error:
        raise CliError(
            f"The certificate {cert} and the key {key} cannot be used ({error.reason or error}): give PEM files, the "
            "certificate first and then its chain, and the key of this certificate without a password."
        ) from error
    except OSError as error:
        missing = next((one for one in (cert, key) if not one.is_file()), cert)
        raise CliError(f"The file {missing} for TLS cannot be read ({error.strerror}).") from error
