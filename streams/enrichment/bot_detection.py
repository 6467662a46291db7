"""Detection of user agents that belong to a program and not to a person.

Three sources are combined: the patterns of crawler-user-agents, a list that is released every month; the words of
`streams.enrichment.bot_signatures`; and parts that only programs put into an agent, such as the address of their
operator.
"""

from functools import cache
from re import IGNORECASE, escape
from re import compile as pattern
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser import Domain, Matchers, RegexResolver, Resolver
from ua_parser.basic import Resolver as PlainResolver
from ua_parser.lazy import UserAgentMatcher

from streams.enrichment.bot_signatures import (
    AMBIGUOUS,
    APP_LIBRARIES,
    BARE_PROGRAMS,
    NOT_BOTS,
    PROGRAMS,
    SKIPPED_PATTERNS,
    SMALL_BROWSERS,
)

PATTERNS: Final[tuple[str, ...]] = tuple(
    entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA if entry["pattern"] not in SKIPPED_PATTERNS
)
"""Regular expressions, case-sensitive."""

_BY_WORD: Final = tuple(f"(?i){escape(word)}" for word in PROGRAMS)
# A mail address, an assistant that acts for a user (`Perplexity-User/1.0`), a template that was not filled in.
_BY_FORM: Final = (r"@[\w-]+\.[A-Za-z]{2}", r"(?i)-(?:user|agent)/\d", r"\$\{", r"\{\{")
# `Android 15; Pixel 9 Build/AP3A.240617.008`, with a locale in old ones.
_MODEL: Final = pattern(
    rf"android [\d.]+; (?:[a-z]{{2}}[-_][a-z]{{2}}; )?[^;()/]*(?:build/[^;()]*)?(?=[;)])|{'|'.join(NOT_BOTS)}",
    IGNORECASE,
)
_PRODUCT: Final = pattern(rf"(?:{'|'.join(map(escape, AMBIGUOUS))})[^\s();,/]*/")
# `(compatible; NAME` opens the first comment of old browsers' agents; programs append it to a browser's agent.
_LATER_COMPATIBLE: Final = pattern(r"(?<!mozilla/\d\.\d )[(;] ?compatible;(?! ?(?:msie|linux|windows))")
_SMALL_BROWSER: Final = pattern(rf"compatible; ?(?:u; ?)?(?:{'|'.join(map(escape, SMALL_BROWSERS))})")


def without_model(agent: str) -> str:
    """Return an agent without the model and build number of its telephone, which may contain any word (`M bot 54`)."""
    return _MODEL.sub("android", agent)


def is_program(agent: str, *, has_system: bool, has_browser: bool) -> bool:
    """Return whether a user agent of at most 1,000 characters is a program's.

    `has_system` and `has_browser` say whether ua-parser recognised one.
    """
    agent = without_model(agent)
    if _listed()(agent, Domain.USER_AGENT).user_agent:
        return True
    lower = agent.lower()
    if _has_program_comment(lower, has_system=has_system):
        return True
    if "://" in lower and "msie " not in lower:  # toolbars add their address to Internet Explorer's agent
        return True
    if lower in BARE_PROGRAMS or lower.startswith(APP_LIBRARIES) or lower.endswith("bot"):
        return True
    if lower.startswith(("mozilla/", "opera/")) and has_system and has_browser:
        return _PRODUCT.search(lower) is not None
    return any(word in lower for word in AMBIGUOUS)


def _has_program_comment(lower: str, *, has_system: bool) -> bool:
    if "compatible" not in lower:
        return False
    # A browser that calls itself compatible names its system, too.
    return _LATER_COMPATIBLE.search(lower) is not None if has_system else _SMALL_BROWSER.search(lower) is None


@cache
def _listed() -> Resolver:
    """Return a matcher of all patterns and words.

    ua-parser's engine in Rust matches them together, in time linear in the length of the agent. It is built on first
    use, which takes 0.05 s.
    """
    matchers: Matchers = ([UserAgentMatcher(text, "program") for text in (*PATTERNS, *_BY_WORD, *_BY_FORM)], [], [])
    return RegexResolver(matchers) if RegexResolver else PlainResolver(matchers)
