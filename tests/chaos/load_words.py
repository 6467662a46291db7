"""The vocabulary of generated touches, each entry with its meaning. Written by hand, so that no parser is involved."""

from typing import Final, NamedTuple


class Agent(NamedTuple):
    """A `User-Agent` and its meaning."""

    text: str
    device: str
    os: str
    browser: str
    bot: bool


class Referrer(NamedTuple):
    """A referrer of shop.example. `source` and `medium` apply when the link has no tags."""

    text: str
    host: str
    kind: str
    source: str
    medium: str


class Query(NamedTuple):
    """Tags of a link. `source` and `medium` override those of the referrer unless empty."""

    text: str
    columns: dict[str, str]
    source: str
    medium: str


_WEBKIT: Final = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
NO_AGENT: Final = Agent("", "", "", "", False)
PEOPLE: Final = (
    Agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/2010 Firefox/140.0", "desktop", "Linux", "Firefox", False),
    Agent(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
        "desktop", "Windows", "Chrome", False,
    ),
    Agent(f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {_WEBKIT}", "mobile", "iOS", "Mobile Safari", False),
    Agent(f"Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) {_WEBKIT}", "tablet", "iOS", "Mobile Safari", False),
    NO_AGENT,
)  # fmt: skip
BOTS: Final = (
    Agent("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot", "", "Googlebot", True),
    Agent("curl/8.5.0", "bot", "", "curl", True),
)
REFERRERS: Final = (
    Referrer("", "", "direct", "", ""),
    Referrer("-", "", "direct", "", ""),
    Referrer("https://www.google.com/", "www.google.com", "search", "google", "organic"),
    Referrer("https://mail.google.com/mail/", "mail.google.com", "mail", "gmail", "email"),
    Referrer("https://www.facebook.com/", "www.facebook.com", "social", "facebook", "social"),
    Referrer("https://blog.example.net/post?a=1", "blog.example.net", "other", "blog.example.net", "referral"),
    Referrer("https://shop.example/cart", "shop.example", "internal", "", ""),
)
QUERIES: Final = (
    Query("", {}, "", ""),
    Query("?page=2", {}, "", ""),
    Query(
        "?utm_source=NewsLetter&utm_medium=Email&utm_campaign=Spring%20Sale&utm_term=shoes&utm_content=top",
        {
            "campaign_source": "newsletter",
            "campaign_medium": "email",
            "campaign_name": "Spring Sale",
            "campaign_term": "shoes",
            "campaign_content": "top",
        },
        "newsletter",
        "email",
    ),
    Query(
        "?utm_source=ad7&utm_campaign=autumn",
        {"campaign_source": "ad7", "campaign_name": "autumn"},
        "ad7",
        "",
    ),
    Query("?gclid=EAIaIQ7", {"click_id": "EAIaIQ7", "click_id_kind": "gclid"}, "google", "cpc"),
)
HOSTS: Final = ("shop.example", "shop.example", "www.shop.example")
PATHS: Final = ("/", "/pricing", "/p/1", "/p/2", "/p/3", "/blog/a-word", "/contact")
VISITS: Final = ("page", "page", "page", "page", "search", "click", "download", "form", "identify", "custom")
MAILS: Final = (
    "sent", "delivered", "opened", "opened", "clicked", "clicked", "bounced", "unsubscribed", "complained", "received",
    "replied",
)  # fmt: skip
CALLS: Final = ("answered", "answered", "missed", "abandoned", "voicemail")
JUNK: Final = {  # values that identify no person
    "anonymous_id": ("null", "undefined", "00000000-0000-0000-0000-000000000000", "anonymous"),
    "email": ("info@example.org", "noreply@example.org"),
    "phone": ("1234567890", "0000000"),
    "customer_id": ("0", "n/a", "unknown"),
}
