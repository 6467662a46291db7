"""Adapters of webhooks: a file for each provider, which is a pure pair `verify` and `map`.

    hook_request.py   a request as adapters read it
    provider.py       what an adapter is, and what its functions return
    signatures.py     signatures by shared secrets, which most providers use
    public_keys.py    signatures by public keys
    shared_secret.py  a secret of yours in each request, where a provider signs nothing
    kept_request.py   a request in the quarantine and in files
    mapped_request.py the raw messages of a request
    json_body.py      bodies in JSON
    soap_body.py      bodies in XML
    toml_mapping.py   mappings in TOML, for systems without an adapter; mappings/ has some
    mapped_fields.py  touches by such a mapping
    standard_signature.py  the signature of Standard Webhooks
    sns.py            messages of Amazon SNS
    outcomes.py       the events of one request together
    mail_event.py     events of mails
    own_numbers.py    which party of a call is the customer
    help_desk_person.py  the customer of a help desk
    ticket_template.py  bodies that the administrator of a help desk writes

`PROVIDERS` is the list of adapters: a new one is a module, a line here, and samples of its requests in
tests/sources/hooks/samples. docs/guides/webhooks.md has a table of their signatures and touches.
"""

from collections.abc import Mapping
from typing import Final

from sources.hooks import (
    aircall,
    brevo,
    customerio,
    dynamics,
    freshdesk,
    front,
    generic,
    helpscout,
    hubspot,
    intercom,
    mailgun,
    mailjet,
    mandrill,
    postmark,
    resend,
    ringcentral,
    salesforce,
    sendgrid,
    ses,
    shopify,
    slack,
    standard,
    twilio,
    vonage,
    whatsapp,
    zendesk,
    zoho,
)
from sources.hooks.provider import Provider

_ALL: Final[tuple[Provider, ...]] = (
    aircall.PROVIDER,
    brevo.PROVIDER,
    customerio.PROVIDER,
    dynamics.PROVIDER,
    freshdesk.PROVIDER,
    front.PROVIDER,
    generic.PROVIDER,
    helpscout.PROVIDER,
    hubspot.PROVIDER,
    intercom.PROVIDER,
    mailgun.PROVIDER,
    mailjet.PROVIDER,
    mandrill.PROVIDER,
    postmark.PROVIDER,
    resend.PROVIDER,
    ringcentral.PROVIDER,
    salesforce.PROVIDER,
    sendgrid.PROVIDER,
    ses.PROVIDER,
    shopify.PROVIDER,
    slack.PROVIDER,
    standard.PROVIDER,
    twilio.PROVIDER,
    vonage.PROVIDER,
    whatsapp.PROVIDER,
    zendesk.PROVIDER,
    zoho.PROVIDER,
)
PROVIDERS: Final[Mapping[str, Provider]] = {provider.name: provider for provider in _ALL}
