"""Whether a program, and not a person, sent a user agent.

Three things tell: the patterns of crawler-user-agents, a list that its maintainers keep up with the robots of the day;
the words of `streams.fold.agents`; and what only programs write into an agent, such as the address of whoever runs it.
"""

from functools import cache
from re import IGNORECASE, escape
from re import compile as pattern
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser import Domain, Matchers, RegexResolver, Resolver
from ua_parser.basic import Resolver as PlainResolver
from ua_parser.lazy import UserAgentMatcher

from streams.fold.agents import (
    AMBIGUOUS,
    APP_LIBRARIES,
    BARE_PROGRAMS,
    NOT_BOTS,
    PROGRAMS,
    SMALL_BROWSERS,
    TAKEN_FOR_PROGRAMS,
)

PATTERNS: Final[tuple[str, ...]] = tuple(
    entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA if entry["pattern"] not in TAKEN_FOR_PROGRAMS
)
"""Regular expressions, case counts."""

_BY_WORD: Final = tuple(f"(?i){escape(word)}" for word in PROGRAMS)
# An address to write to or to look at, a person's agent by its vendor's own word (`Perplexity-User/1.0`), a template.
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
    """An agent without the name of its telephone and the number of its system's build, which may be like anything
    (`M bot 54`, `Spider 8`)."""
    return _MODEL.sub("android", agent)


def is_program(agent: str, *, has_system: bool, has_browser: bool) -> bool:
    """Whether a program sent an agent of at most 1,000 characters, of which ua-parser knows the system and the browser
    or does not."""
    agent = without_model(agent)
    if _listed()(agent, Domain.USER_AGENT).user_agent:
        return True
    lower = agent.lower()
    if _says_compatible(lower, has_system=has_system):
        return True
    if "://" in lower and "msie " not in lower:  # a toolbar's page, in Internet Explorer's agent
        return True
    if lower in BARE_PROGRAMS or lower.startswith(APP_LIBRARIES) or lower.endswith("bot"):
        return True
    if lower.startswith(("mozilla/", "opera/")) and has_system and has_browser:
        return _PRODUCT.search(lower) is not None
    return any(word in lower for word in AMBIGUOUS)


def _says_compatible(lower: str, *, has_system: bool) -> bool:
    if "compatible" not in lower:
        return False
    # A browser that calls itself compatible goes on to name its system.
    return _LATER_COMPATIBLE.search(lower) is not None if has_system else _SMALL_BROWSER.search(lower) is None


@cache
def _listed() -> Resolver:
    """Finds an agent that one of the patterns is for. With ua-parser's engine, in Rust, all patterns at once and in a
    time that grows with the agent's length alone; made when first asked, which takes 0.05 s."""
    matchers: Matchers = ([UserAgentMatcher(text, "program") for text in (*PATTERNS, *_BY_WORD, *_BY_FORM)], [], [])
    return RegexResolver(matchers) if RegexResolver else PlainResolver(matchers)
