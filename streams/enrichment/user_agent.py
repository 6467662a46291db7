"""The device class, operating system and browser of a user agent, and whether it is a program's.

ua-parser recognises the browser, the system and the device; the class and the bot flag are derived here. A bot's
touches are kept and counted, with weight 0.
"""

from functools import cache, lru_cache
from typing import Final, NamedTuple

from ua_parser import Parser, RegexResolver, Resolver, Result, load_lazy_builtins
from ua_parser.basic import Resolver as PlainResolver

from streams.enrichment.bot_detection import is_program, without_model
from streams.enrichment.bot_signatures import MAIL_PROXIES

_CACHED: Final = 20_000  # cached agents: about 10 MB when full
_LONGEST: Final = 1_000

_SYSTEMS: Final = (
    "Windows, Mac OS X, Linux, Ubuntu, Fedora, Debian, Red Hat, CentOS, SUSE, Gentoo, Arch Linux, Mandriva, Slackware, "
    "Linux Mint, Kubuntu, Chrome OS, FreeBSD, OpenBSD, NetBSD, DragonFly BSD, Solaris"
)
_DESKTOPS: Final = frozenset(_SYSTEMS.split(", "))
_SCREENS: Final = ("smarttv", "smart-tv", "googletv", "appletv", "hbbtv", "webos", "web0s", "netcast", "bravia", "roku")
_BOXES: Final = ("crkey", "; aft", "playstation", "xbox", "nintendo")
_TABLETS: Final = ("ipad", "tablet", "playbook", "kindle", "silk/", "sm-t", "gt-p", "nexus 7", "nexus 9", "nexus 10")
_PHONES: Final = (
    "iphone",
    "ipod",
    "mobile",
    "windows phone",
    "blackberry",
    "bb10",
    "symbian",
    "series60",
    "opera mini",
)
_FEATURE_PHONES: Final = ("midp", "cldc", "maui", "wap ", "up.browser", "j2me", "nokia", "docomo", "opera mobi")


class Device(NamedTuple):
    """A device, its system and its browser.

    `device` is desktop, mobile, tablet, bot, other (televisions, consoles, uninformative agents), or '' if it is
    unknown: without an agent, or with that of a mail proxy. `os` and `browser` have no versions and are '' if unknown.
    """

    device: str
    os: str
    browser: str
    bot: bool


UNKNOWN: Final = Device("", "", "", False)


def as_program(device: Device) -> Device:
    """Return the device of a touch that a program made, whatever its agent."""
    return device._replace(device="bot", bot=True)


def read_device(user_agent: str) -> Device:
    """Return the device of a `User-Agent`. Never raises.

    Characters after the first 1,000 are ignored; '' and `-` are unknown.
    """
    return _read(user_agent[:_LONGEST])


@lru_cache(maxsize=_CACHED)
def _read(agent: str) -> Device:
    agent = agent.strip()
    if agent in ("", "-"):
        return UNKNOWN
    # A regex engine takes no text with half a surrogate pair.
    parsed = _parser().parse(agent.encode("utf-8", "replace").decode())
    lower = agent.lower()
    if any(proxy in lower for proxy in MAIL_PROXIES):  # the system is the proxy's, not the reader's
        return Device("", "", parsed.user_agent.family if parsed.user_agent else "", False)
    system = parsed.os.family if parsed.os else ""
    browser = parsed.user_agent.family if parsed.user_agent else ""
    if _is_spider(agent, parsed) or is_program(agent, has_system=bool(parsed.os), has_browser=bool(parsed.user_agent)):
        return Device("bot", system, browser, True)
    return Device(_device_class(lower, system), system, browser, False)


@cache
def _parser() -> Parser:
    """Return ua-parser with its builtin list and without a cache of its own. Made on first use, which takes 0.1 s."""
    matchers = load_lazy_builtins()
    resolver: Resolver = RegexResolver(matchers) if RegexResolver else PlainResolver(matchers)
    return Parser(resolver)


def _is_spider(agent: str, parsed: Result) -> bool:
    """Return whether ua-parser classifies the agent as a program for another reason than the telephone's model."""
    if parsed.device is None or parsed.device.family != "Spider":
        return False
    rest = without_model(agent)
    if rest == agent:
        return True
    device = _parser().parse_device(rest)
    return device is not None and device.family == "Spider"


def _device_class(lower: str, system: str) -> str:
    """Return the class of a device by words of its agent, since ua-parser names models, not classes.

    A tablet has the word in its agent or is an Android without `Mobile` (Google's rule). An iPad that identifies itself
    as a Macintosh is a desktop: the two cannot be distinguished.
    """
    if any(word in lower for word in (*_SCREENS, *_BOXES)):
        return "other"
    if system not in ("Windows", "Mac OS X") and any(word in lower for word in _TABLETS):
        return "tablet"
    if any(word in lower for word in _PHONES) or system in ("iOS", "Windows Phone", "Windows Mobile", "KaiOS"):
        return "mobile"
    if system == "Android":
        return "tablet" if lower.startswith("mozilla/") else "mobile"
    if system in _DESKTOPS:
        return "desktop"
    return "mobile" if any(word in lower for word in _FEATURE_PHONES) else "other"
