"""Which opens and clicks of a mail no person made.

Mail services and scanners fetch a mail's pictures and follow its links by themselves. Two things tell: what the mail's
provider says of the event, and an agent that only such a service sends. A picture that is fetched through a proxy
when somebody reads the mail (GoogleImageProxy, YahooMailProxy) is a person's open.
"""

from collections.abc import Mapping
from typing import Final

from schemas.flags import Flag

FLAGS: Final[Mapping[str, Flag]] = {"opened": Flag.MACHINE_OPEN, "clicked": Flag.MACHINE_CLICK}
"""The flag of a touch that a machine made, by its type; all other types have none."""

PREFETCHERS: Final = frozenset(
    (
        # Apple's Mail Privacy Protection: every mail's pictures, whether it is read or not.
        "Mozilla/5.0",
        # Gmail, some seconds after delivery; the reader's own open comes through GoogleImageProxy.
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 "
        "Safari/537.36 Edge/12.246 Mozilla/5.0",
    )
)
"""The whole agent of a service that fetches a mail before it is read. No browser sends either."""

SAYS_SO: Final = frozenset(
    (
        "sgmachineopen",  # SendGrid
        "machineopen",  # Braze Currents, Klaviyo
        "machineclick",
        "appleprivacyopen",  # Klaviyo, MoEngage
        "botclick",  # Klaviyo
        "issuspectedbotclick",  # Braze Currents
        "prefetched",  # Customer.io
        "isprefetched",  # SparkPost, within `user_agent_parsed`
    )
)
"""Properties that providers set to true on such an event, in lower case without spaces and signs."""

_EVENT: Final = frozenset(("proxyopen", "uniqueproxyopen", "loadedbyproxy"))  # Brevo, as `event`: Apple's prefetch
_WITHIN: Final = frozenset(("clientinfo", "useragentparsed"))  # Mailgun's and SparkPost's objects
_BOTS: Final = frozenset(("apple", "gmail", "generic"))  # Mailgun's `client-info.bot`
_YES: Final = frozenset(("true", "1", "yes"))


def is_prefetcher(user_agent: str) -> bool:
    """Whether an agent is that of a service that fetches mails before they are read."""
    return user_agent.strip() in PREFETCHERS


def says_machine(properties: Mapping[str, object]) -> bool:
    """Whether a provider's properties of an open or a click say that no person made it."""
    return any(_says(_plain(name), value) for name, value in properties.items())


def _says(name: str, value: object) -> bool:
    if name in _WITHIN:
        return isinstance(value, dict) and any(_says(name + _plain(inner), one) for inner, one in value.items())
    if name.removeprefix("useragentparsed") in SAYS_SO:
        return value.strip().lower() in _YES if isinstance(value, str) else value in (True, 1)
    if name == "clientinfobot":
        return isinstance(value, str) and value.strip().lower() in _BOTS
    return name == "event" and isinstance(value, str) and _plain(value) in _EVENT


def _plain(text: str) -> str:
    """`sg_machine_open`, `Apple Privacy Open` and `client-info.bot` as the lists above have them."""
    return text.lower().translate(_SIGNS)


_SIGNS: Final = str.maketrans("", "", " _-.")
