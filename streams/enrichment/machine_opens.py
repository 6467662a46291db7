"""Opens and clicks of a mail that were made by a machine and not by its reader.

Mail services and security scanners fetch a mail's pictures and follow its links automatically. Such an event is
detected by the flag that the mail's provider sets on it, or by a user agent that only such a service uses. A picture
that a proxy fetches when the reader opens the mail (GoogleImageProxy, YahooMailProxy) is an open by a person.
"""

from collections.abc import Mapping
from typing import Final

PREFETCHERS: Final = frozenset(
    (
        # Apple's Mail Privacy Protection fetches the pictures of every mail, read or not.
        "Mozilla/5.0",
        # Gmail fetches some seconds after delivery; the reader's own open comes through GoogleImageProxy.
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 "
        "Safari/537.36 Edge/12.246 Mozilla/5.0",
    )
)
"""Complete user agents of services that fetch a mail before it is read. No browser sends either."""

MACHINE_PROPERTIES: Final = frozenset(
    (
        "sgmachineopen",  # SendGrid
        "machineopen",  # Braze Currents, Klaviyo
        "machineclick",
        "appleprivacyopen",  # Klaviyo, MoEngage
        "botclick",  # Klaviyo
        "issuspectedbotclick",  # Braze Currents
        "prefetched",  # Customer.io
        "isbot",  # AhaSend
        "isprefetched",  # SparkPost, inside `user_agent_parsed`
    )
)
"""Boolean properties that providers document for such an event, in lower case without spaces and punctuation."""

_PROXY_EVENTS: Final = frozenset(("proxyopen", "uniqueproxyopen", "loadedbyproxy"))  # Brevo's `event`: Apple's prefetch
_NESTED: Final = frozenset(("clientinfo", "useragentparsed"))  # objects of Mailgun and SparkPost
_BOTS: Final = frozenset(("apple", "gmail", "generic"))  # Mailgun's `client-info.bot`
_TRUE: Final = frozenset(("true", "1", "yes"))
_PUNCTUATION: Final = str.maketrans("", "", " _-.")


def is_prefetcher(user_agent: str) -> bool:
    """Return whether a user agent is that of a service that fetches mails before they are read."""
    return user_agent.strip() in PREFETCHERS


def has_machine_flag(properties: Mapping[str, object]) -> bool:
    """Return whether the properties of an open or a click carry a provider's flag for a machine's event."""
    return any(_is_machine_flag(_fold_name(name), value) for name, value in properties.items())


def _is_machine_flag(name: str, value: object) -> bool:
    if name in _NESTED:
        return isinstance(value, dict) and any(
            _is_machine_flag(name + _fold_name(inner), one) for inner, one in value.items()
        )
    if name.removeprefix("useragentparsed") in MACHINE_PROPERTIES:
        return value.strip().lower() in _TRUE if isinstance(value, str) else value in (True, 1)
    if name == "clientinfobot":
        return isinstance(value, str) and value.strip().lower() in _BOTS
    return name == "event" and isinstance(value, str) and _fold_name(value) in _PROXY_EVENTS


def _fold_name(text: str) -> str:
    """Return a name in the spelling of the sets above: `sg_machine_open` becomes `sgmachineopen`."""
    return text.lower().translate(_PUNCTUATION)
