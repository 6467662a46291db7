"""Salesforce's organisations, answer and credentials, apart from what holds for every adapter."""

from xml.etree import ElementTree

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.salesforce import PROVIDER, verify
from tests.sources.hooks.samples.salesforce import CONTACT, TIMES, message, notification

BODY = message(notification("Contact", **CONTACT, **TIMES))


@pytest.mark.parametrize(
    ("organization_id", "body", "verdict"),
    [
        ("", BODY, Verdict.GENUINE),
        ("", b"anything", Verdict.GENUINE),
        ("00Dxx0000001gPF", BODY, Verdict.GENUINE),
        ("00Dxx0000001gPFEAY", BODY, Verdict.GENUINE),
        ("00Dxx0000001gPG", BODY, Verdict.FORGED),
        ("00Dxx0000001gPF", b"anything", Verdict.FORGED),
        ("00Dxx0000001gPF", b"", Verdict.FORGED),
    ],
)
def test_the_organisation_is_compared(organization_id: str, body: bytes, verdict: Verdict) -> None:
    request = HookRequest("POST", "", {"token": "secret"}, {}, body, 0)
    options = {"organization_id": organization_id} if organization_id else {}
    assert verify(request, HookSource("salesforce", "main", ("secret",), options)) is verdict


def test_the_answer_is_an_ack() -> None:
    answer = PROVIDER.accepted
    assert (answer.status, answer.content_type) == (200, "text/xml; charset=utf-8")
    root = ElementTree.fromstring(answer.body)
    assert root.findtext(".//{http://soap.sforce.com/2005/09/outbound}Ack") == "true"


def test_the_session_is_not_kept() -> None:
    kept = PROVIDER.keep(BODY)
    assert b"credential" in BODY
    assert b"credential" not in kept
    assert b"003A" in kept
