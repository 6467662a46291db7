"""Signatures by public keys: ECDSA over P-256 and RSA with PKCS #1 v1.5."""

from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import load_pem_x509_certificate


@lru_cache(maxsize=256)
def read_ecdsa_key(text: str) -> EllipticCurvePublicKey | None:
    """Return the public key of base64 DER, also between the lines of PEM; None for any other text."""
    lines = (line for line in text.splitlines() if not line.startswith("-----"))
    try:
        key = load_der_public_key(b64decode("".join(lines), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None


def matches_ecdsa(keys: Iterable[str], message: bytes, signature: str) -> bool:
    """Return whether one of the keys has signed the SHA-256 of a message. `signature`: base64 of DER."""
    return any(_is_signed(key, message, signature) for text in keys if (key := read_ecdsa_key(text)))


def _is_signed(key: EllipticCurvePublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(b64decode(signature, validate=True), message, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def matches_rsa(certificate: bytes, message: bytes, signature: str, algorithm: Literal["sha1", "sha256"]) -> bool:
    """Return whether the key of a certificate (PEM) has signed a message. `signature`: base64."""
    key = _key_of(certificate)
    if key is None:
        return False
    try:
        hashed = SHA1() if algorithm == "sha1" else SHA256()
        key.verify(b64decode(signature, validate=True), message, PKCS1v15(), hashed)
    except (ValueError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=64)
def _key_of(certificate: bytes) -> RSAPublicKey | None:
    try:
        key = load_pem_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None
