"""Messages of Amazon SNS: their signature, the certificate that it needs, and the confirmation of a subscription.

Source: docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html. Nothing is
fetched but from the SNS host of a configured topic's region: the certificate at the address of the message if it has
the exact form of such an address, and the confirmation at an address that is made of the topic and the token.
"""

from collections.abc import Mapping
from re import compile as pattern
from typing import Final, Literal
from urllib.parse import urlencode

from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Unmappable, Verdict
from sources.hooks.public_keys import matches_rsa
from sources.payloads.event_fields import text_of

OPTION: Final = "topic_arns"
"""An option of sources: the ARNs of the topics that may send, separated by commas."""
NOTIFICATION: Final = "Notification"
CONFIRMATION: Final = "SubscriptionConfirmation"
_SIGNED: Final = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_ALGORITHMS: Final[dict[str, Literal["sha1", "sha256"]]] = {"1": "sha1", "2": "sha256"}
_ARN: Final = pattern(r"arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-[0-9]):[0-9]{12}:[A-Za-z0-9_.-]{1,256}")
_CERTIFICATE: Final = r"https://{host}/SimpleNotificationService-[0-9a-f]{{1,64}}\.pem"
_CREDENTIALS: Final = pattern(rb'("(?:Token|SubscribeURL|UnsubscribeURL|Signature)"\s*:\s*")(?:[^"\\]|\\.)*"').sub


def envelope_of(request: HookRequest) -> dict[str, object]:
    """Return the message of a request if a configured topic may have sent it, else an empty object."""
    found = read_object(request.body)
    return {} if isinstance(found, Unmappable) else found


def certificate_url(request: HookRequest, source: HookSource) -> str:
    """Return the address of the certificate, '' unless it is that of the topic's SNS."""
    envelope = envelope_of(request)
    host, url = _host_of(envelope, source), text_of(envelope.get("SigningCertURL"))
    form = _CERTIFICATE.format(host=host.replace(".", r"\."))
    return url if host and pattern(form).fullmatch(url) else ""


def confirmation_url(request: HookRequest, source: HookSource) -> str:
    """Return the address that confirms the subscription which a message offers, '' for other messages."""
    envelope = envelope_of(request)
    host, token = _host_of(envelope, source), text_of(envelope.get("Token"))
    if not host or not token or envelope.get("Type") != CONFIRMATION:
        return ""
    parameters = {"Action": "ConfirmSubscription", "TopicArn": envelope["TopicArn"], "Token": token}
    return f"https://{host}/?{urlencode({**parameters, 'Version': '2010-03-31'}, errors='replace')}"


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether a configured topic sent the message, and its certificate has signed it."""
    envelope = envelope_of(request)
    algorithm = _ALGORITHMS.get(text_of(envelope.get("SignatureVersion")))
    message = signed_text(envelope)
    if algorithm is None or not message or not _host_of(envelope, source):
        return Verdict.FORGED
    genuine = matches_rsa(request.certificate, message, text_of(envelope.get("Signature")), algorithm)
    return Verdict.GENUINE if genuine else Verdict.FORGED


def signed_text(envelope: Mapping[str, object]) -> bytes:
    """Return what is signed: the fields of the message's type that it has, in their order. Empty for other types."""
    names = _SIGNED.get(text_of(envelope.get("Type")), ())
    fields = ((name, envelope.get(name)) for name in names)
    lines = (f"{name}\n{value}\n" for name, value in fields if isinstance(value, str))
    return "".join(lines).encode("utf-8", "surrogatepass")


def without_credentials(body: bytes) -> bytes:
    """Return the body without what could confirm or end the subscription."""
    return _CREDENTIALS(rb'\1[removed]"', body)


def check(source: HookSource) -> str:
    """Return what is wrong with the configured topics."""
    arns = _arns_of(source)
    if not arns:
        return "set topic_arns to the ARN of the SNS topic, such as arn:aws:sns:eu-west-1:123456789012:mails"
    return next((f"topic_arns: {arn[:80]!r} is no ARN of an SNS topic" for arn in arns if not _ARN.fullmatch(arn)), "")


def _arns_of(source: HookSource) -> list[str]:
    return [arn.strip() for arn in source.options.get(OPTION, "").split(",") if arn.strip()]


def _host_of(envelope: Mapping[str, object], source: HookSource) -> str:
    """Return the SNS host of the message's topic, '' if the topic is not configured."""
    arn = text_of(envelope.get("TopicArn"))
    found = _ARN.fullmatch(arn)
    if found is None or arn not in _arns_of(source):
        return ""
    return f"sns.{found[2]}.amazonaws.com{'.cn' if found[1] == 'aws-cn' else ''}"
