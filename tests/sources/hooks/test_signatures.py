"""Signatures by shared secrets: what matches, and what must not."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.hooks.signatures import (
    encode_base64,
    is_recent,
    matches_basic,
    matches_hmac,
    matches_secret,
    signed_form,
)

BODY = b'{"event":"delivered"}'
NOW_MS = 1_800_000_000_000


def sign(secret: str, algorithm: str = "sha256") -> bytes:
    return hmac.new(secret.encode(), BODY, getattr(hashlib, algorithm)).digest()


HEX = sign("key").hex()


@pytest.mark.parametrize(
    ("secrets", "signature", "options", "matched"),
    [
        (("key",), HEX, {}, True),
        (("key",), HEX.upper(), {}, True),
        (("old", "key"), HEX, {}, True),
        (("key", "new"), HEX, {}, True),
        (("other",), HEX, {}, False),
        ((), HEX, {}, False),
        (("",), sign("").hex(), {}, False),
        (("key",), HEX[:-2], {}, False),
        (("key",), "", {}, False),
        (("key",), "é" * 64, {}, False),
        (("key",), f"sha256={HEX}", {"prefix": "sha256="}, True),
        (("key",), HEX, {"prefix": "sha256="}, False),
        (("key",), encode_base64(sign("key")), {"encoding": "base64"}, True),
        (("key",), HEX, {"encoding": "base64"}, False),
        (("key",), sign("key", "sha1").hex(), {"algorithm": "sha1"}, True),
        (("key",), sign("key", "sha1").hex(), {}, False),
    ],
)
def test_a_signature_matches_under_one_of_the_secrets(
    secrets: tuple[str, ...], signature: str, options: dict[str, Any], matched: bool
) -> None:
    assert matches_hmac(secrets, BODY, signature, **options) is matched


@given(st.binary(), st.text())
def test_no_text_is_a_signature_of_other_bytes(message: bytes, text: str) -> None:
    assert not matches_hmac(("key",), message, text)
    assert matches_hmac(("key",), message, hmac.digest(b"key", message, "sha256").hex())


@pytest.mark.parametrize(
    ("secrets", "given_secret", "matched"),
    [
        (("a", "b"), "b", True),
        (("a",), "b", False),
        (("",), "", False),
        ((), "", False),
        (("ü",), "ü", True),
        (("a",), "\ud800", False),
    ],
)
def test_a_token_is_one_of_the_secrets(secrets: tuple[str, ...], given_secret: str, matched: bool) -> None:
    assert matches_secret(secrets, given_secret) is matched


@pytest.mark.parametrize(
    ("authorization", "matched"),
    [
        ("Basic " + b64encode(b"hook:word").decode(), True),
        ("basic " + b64encode(b"hook:word").decode(), True),
        ("Basic " + b64encode(b"hook:other").decode(), False),
        ("Bearer hook:word", False),
        ("Basic ???", False),
        ("", False),
    ],
)
def test_basic_authentication_is_one_of_the_secrets(authorization: str, matched: bool) -> None:
    assert matches_basic(("hook:word",), authorization) is matched


def test_a_signed_form_is_sorted_without_repetitions() -> None:
    fields = [("b", "2"), ("a", "1"), ("b", "2"), ("b", "1")]
    assert signed_form("https://example.org/h?x=1", fields) == b"https://example.org/h?x=1a1b1b2"


@pytest.mark.parametrize(
    ("timestamp", "unit_ms", "recent"),
    [
        ("1800000000", 1_000, True),
        ("1799999700", 1_000, True),
        ("1800000300", 1_000, True),
        ("1799999699", 1_000, False),
        ("1800000301", 1_000, False),
        ("1800000000000", 1, True),
        ("1800000000000", 1_000, False),
        ("", 1_000, False),
        ("-1800000000", 1_000, False),
        ("1.8e9", 1_000, False),
        ("٣", 1_000, False),
        ("9" * 5_000, 1_000, False),
    ],
)
def test_a_timestamp_is_recent_within_the_tolerance(timestamp: str, unit_ms: int, recent: bool) -> None:
    assert is_recent(timestamp, NOW_MS, 300, unit_ms) is recent
