"""Requests in the quarantine: what is kept, and that it is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.hooks.hook_request import HookRequest
from sources.hooks.kept_request import KeptRequest, encode_kept, is_place, place_of, read_kept
from sources.hooks.provider import HookSource, Provider, Verdict

ACME = Provider(
    "acme",
    lambda request, source: Verdict.GENUINE,
    lambda request, source: (),
    kept_headers=("x-acme-event", "content-type"),
    keep=lambda body: body.replace(b"SESSION", b"[removed]"),
)
SOURCE = HookSource("acme", "shop", ("s3cret", ""))


def request_of(body: bytes, headers: dict[str, str] | None = None) -> HookRequest:
    return HookRequest("POST", "https://example.org/v1/hooks/acme/shop?key=s3cret", {}, headers or {}, body, 0)


@given(st.binary(), st.text())
def test_a_kept_request_is_read_back(body: bytes, value: str) -> None:
    found = read_kept(encode_kept(ACME._replace(keep=bytes), SOURCE._replace(secrets=()), request_of(body)))
    assert found == KeptRequest("acme", "shop", {}, body)
    kept = encode_kept(ACME, SOURCE, request_of(b"{}", {"x-acme-event": value}))
    assert set(read_kept(kept).headers) <= {"x-acme-event"}
    assert read_kept(kept).body == b"{}"


def test_no_credential_is_kept() -> None:
    headers = {"authorization": "Bearer s3cret", "x-acme-signature": "s3cret", "x-acme-event": "a\r\nx: y"}
    kept = encode_kept(ACME, SOURCE, request_of(b'{"token":"s3cret","session":"SESSION"}', headers))
    assert kept == (b'POST /v1/hooks/acme/shop\nx-acme-event: a  x: y\n\n{"token":"[removed]","session":"[removed]"}')


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", KeptRequest("", "", {}, b"")),
        (b"{}\n\n{}", KeptRequest("", "", {}, b"{}\n\n{}")),
        (b"POST /v1/touches\n\n{}", KeptRequest("", "", {}, b"POST /v1/touches\n\n{}")),
        (b"POST /v1/hooks/a/b\n\n", KeptRequest("a", "b", {}, b"")),
        (b"POST /v1/hooks/a/b HTTP/1.1\r\nA: 1\r\n\r\nx\n\ny", KeptRequest("a", "b", {"a": "1"}, b"x\n\ny")),
        (b"POST /v1/hooks/a/b\nA: 1\n\nx\r\n\r\ny", KeptRequest("a", "b", {"a": "1"}, b"x\r\n\r\ny")),
    ],
)
def test_what_is_a_request_and_what_a_bare_body(content: bytes, expected: KeptRequest) -> None:
    assert read_kept(content) == expected


@given(st.binary())
def test_a_place_is_that_of_the_content(kept: bytes) -> None:
    topic, offset = place_of("acme", "shop", kept)
    assert (topic, offset) == place_of("acme", "shop", kept)
    assert offset != place_of("acme", "shop", kept + b"x")[1]
    assert len(str(offset)) <= 18
    assert is_place(topic)


@pytest.mark.parametrize("topic", ["visits", "hooks.visits", "prefix.hooks.a.b", "hooks"])
def test_topics_are_no_places(topic: str) -> None:
    assert not is_place(topic)


def test_a_kept_request_is_one_for_the_mapping() -> None:
    request = KeptRequest("acme", "shop", {"a": "b"}, b"{}").as_request(5)
    assert request == HookRequest("POST", "/v1/hooks/acme/shop", {}, {"a": "b"}, b"{}", 5)
