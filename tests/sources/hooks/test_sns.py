"""Messages of SNS: which addresses are fetched, and what is signed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.hooks import sns
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from tests.sources.hooks.samples.ses import ARN, CERTIFICATE_URL, CONFIRMATION, ENVELOPE, OPTIONS, sign
from tests.sources.hooks.webhooks import SECRET

SOURCE = HookSource("ses", "main", (), OPTIONS)
NOTICE = {**ENVELOPE, "Message": "hello"}


def request_of(envelope: object) -> HookRequest:
    return HookRequest("POST", "", {}, {}, json.dumps(envelope).encode(), 0)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("envelope", [NOTICE, CONFIRMATION, {**CONFIRMATION, "Type": "UnsubscribeConfirmation"}])
def test_both_versions_of_the_signature_are_genuine(envelope: dict[str, str], version: str) -> None:
    assert sns.verify(sign(request_of(envelope), SECRET, version), SOURCE) is Verdict.GENUINE


@pytest.mark.parametrize(
    "field", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type", "SignatureVersion"]
)
def test_each_field_is_signed(field: str) -> None:
    envelope = json.loads(sign(request_of(NOTICE), SECRET).body)
    request = sign(request_of(NOTICE), SECRET)._replace(body=json.dumps({**envelope, field: "other"}).encode())
    assert sns.verify(request, SOURCE) is Verdict.FORGED


def test_a_topic_that_is_not_configured_is_forged_and_nothing_is_fetched() -> None:
    request = sign(request_of({**CONFIRMATION, "TopicArn": ARN + "2"}), SECRET)
    assert sns.verify(request, SOURCE) is Verdict.FORGED
    assert (sns.certificate_url(request, SOURCE), sns.confirmation_url(request, SOURCE)) == ("", "")


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com.example.org/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com@example.org/SimpleNotificationService-0a.pem",
        "https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://snsxeu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com/../SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem?x=.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem#.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem\n",
        "https://sns.eu-west-1.amazonaws.com\\@example.org/SimpleNotificationService-0a.pem",
        "https://169.254.169.254/SimpleNotificationService-0a.pem",
        "file:///etc/passwd.pem",
        "",
        None,
        5,
    ],
)
def test_a_certificate_comes_from_the_host_of_the_topic_alone(url: object) -> None:
    assert sns.certificate_url(request_of({**NOTICE, "SigningCertURL": CERTIFICATE_URL}), SOURCE) == CERTIFICATE_URL
    found = sns.certificate_url(request_of({**NOTICE, "SigningCertURL": url}), SOURCE)
    assert found in ("", str(url).strip())
    assert found == "" or found == "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem"


def test_a_confirmation_is_made_of_topic_and_token_and_not_of_the_given_address() -> None:
    request = request_of({**CONFIRMATION, "SubscribeURL": "https://example.org/steal", "Token": "a&b"})
    assert sns.confirmation_url(request, SOURCE) == (
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
        "&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Amails&Token=a%26b&Version=2010-03-31"
    )
    assert sns.confirmation_url(request_of({**NOTICE, "Token": "x"}), SOURCE) == ""


def test_china_has_hosts_of_its_own() -> None:
    arn = "arn:aws-cn:sns:cn-north-1:123456789012:mails"
    url = "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem"
    source = HookSource("ses", "main", (), {"topic_arns": arn})
    assert sns.certificate_url(request_of({**NOTICE, "TopicArn": arn, "SigningCertURL": url}), source) == url


def test_what_could_end_or_confirm_a_subscription_is_not_kept() -> None:
    body = json.dumps({**CONFIRMATION, "UnsubscribeURL": 'https://x/\\"', "Signature": "abc"}).encode()
    kept = json.loads(sns.without_credentials(body))
    removed = {name for name, value in kept.items() if value == "[removed]"}
    assert removed == {"Token", "SubscribeURL", "UnsubscribeURL", "Signature"}
    assert kept["Message"] == CONFIRMATION["Message"]


@pytest.mark.parametrize(
    ("arns", "wrong"),
    [
        (ARN, ""),
        (f"{ARN},{ARN}2", ""),
        ("", "set topic_arns"),
        (" , ", "set topic_arns"),
        ("arn:aws:sqs:x", "topic_arns: "),
    ],
)
def test_the_configured_topics_are_checked(arns: str, wrong: str) -> None:
    found = sns.check(HookSource("ses", "main", (), {"topic_arns": arns}))
    assert found.startswith(wrong)
    assert bool(found) == bool(wrong)


@given(st.binary())
def test_no_body_raises(body: bytes) -> None:
    request = HookRequest("POST", "", {}, {}, body, 0)
    assert sns.verify(request, SOURCE) is Verdict.FORGED
    assert sns.certificate_url(request, SOURCE) == sns.confirmation_url(request, SOURCE) == ""
    sns.without_credentials(body)
