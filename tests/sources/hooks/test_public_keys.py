"""Signatures by public keys: what matches, and that no text raises."""

import datetime
from base64 import b64encode
from typing import Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sources.hooks.public_keys import matches_ecdsa, matches_rsa, read_ecdsa_key
from tests.sources.hooks.samples.sendgrid import key_of, public_key

MESSAGE = b"1796099900[]"
SIGNED = b64encode(key_of("one").sign(MESSAGE, ECDSA(SHA256()))).decode()
RSA = generate_private_key(65_537, 2048)


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.example.org")])
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(RSA.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + datetime.timedelta(days=9_000))
    return builder.sign(RSA, SHA256()).public_bytes(Encoding.PEM)


CERTIFICATE = certificate()


@pytest.mark.parametrize(
    ("keys", "message", "signature", "matched"),
    [
        ([public_key("one")], MESSAGE, SIGNED, True),
        ([public_key("two"), public_key("one")], MESSAGE, SIGNED, True),
        (["no key", public_key("one")], MESSAGE, SIGNED, True),
        ([public_key("two")], MESSAGE, SIGNED, False),
        ([public_key("one")], MESSAGE + b" ", SIGNED, False),
        ([public_key("one")], MESSAGE, SIGNED[4:], False),
        ([public_key("one")], MESSAGE, "é", False),
        ([public_key("one")], MESSAGE, "", False),
        ([], MESSAGE, SIGNED, False),
    ],
    ids=map(str, range(9)),  # signatures differ in each process, and the processes of a run must name tests alike
)
def test_a_signature_of_ecdsa_matches_one_of_the_keys(
    keys: list[str], message: bytes, signature: str, matched: bool
) -> None:
    assert matches_ecdsa(keys, message, signature) is matched


def test_a_key_may_have_the_lines_of_pem() -> None:
    key = public_key("one")
    assert read_ecdsa_key(f"-----BEGIN PUBLIC KEY-----\n{key[:64]}\n{key[64:]}\n-----END PUBLIC KEY-----\n") is not None


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_signature_of_rsa_matches_the_certificate(algorithm: Literal["sha1", "sha256"]) -> None:
    signature = b64encode(RSA.sign(MESSAGE, PKCS1v15(), SHA1() if algorithm == "sha1" else SHA256())).decode()
    other: Literal["sha1", "sha256"] = "sha256" if algorithm == "sha1" else "sha1"
    assert matches_rsa(CERTIFICATE, MESSAGE, signature, algorithm)
    assert not matches_rsa(CERTIFICATE, MESSAGE, signature, other)
    assert not matches_rsa(CERTIFICATE, MESSAGE + b" ", signature, algorithm)
    assert not matches_rsa(b"", MESSAGE, signature, algorithm)


@given(st.text(), st.binary(), st.text())
def test_nothing_raises(key: str, message: bytes, signature: str) -> None:
    assert not matches_ecdsa([key, public_key("one")], message, signature)
    assert not matches_rsa(message, message, signature, "sha256")
    assert not matches_rsa(CERTIFICATE, message, signature, "sha256")
