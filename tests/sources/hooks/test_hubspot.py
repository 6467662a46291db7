"""HubSpot's signatures, apart from what holds for every adapter."""

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.hubspot import verify
from sources.hooks.provider import HookSource, Verdict
from tests.sources.hooks.samples.hubspot import sign
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import NOW_MS, SECRET, with_headers

URL = "https://collect.example.org/v1/hooks/hubspot/main"
SOURCE = HookSource("hubspot", "main", (SECRET,))
REQUEST = HookRequest("POST", URL, {}, {}, b"[]", NOW_MS)


@pytest.mark.parametrize(
    "changed", [{"url": URL + "2"}, {"method": "PUT"}, {"body": b"[ ]"}, {"url": URL.replace("https", "http")}]
)
def test_method_and_url_are_signed(changed: dict[str, object]) -> None:
    assert verify(sign(REQUEST, SECRET)._replace(**changed), SOURCE) is Verdict.FORGED  # type: ignore[arg-type]


def test_the_url_is_signed_decoded() -> None:
    signed = sign(REQUEST._replace(url=URL + "?a=b:c"), SECRET)
    assert verify(signed._replace(url=URL + "?a=b%3Ac"), SOURCE) is Verdict.GENUINE


def test_seconds_are_no_time() -> None:
    time = str(NOW_MS // 1_000)
    signature = hmac_base64(SECRET, f"POST{URL}[]{time}".encode())
    request = with_headers(REQUEST, x_hubspot_request_timestamp=time, x_hubspot_signature_v3=signature)
    assert verify(request, SOURCE) is Verdict.STALE


def test_a_signature_of_version_2_is_refused() -> None:
    assert verify(with_headers(REQUEST, x_hubspot_signature="0" * 64), SOURCE) is Verdict.FORGED
