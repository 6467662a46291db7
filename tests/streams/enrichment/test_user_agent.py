"""Device, system, browser and bot flag of user agents."""

from hypothesis import given
from hypothesis import strategies as st

from streams.enrichment.user_agent import UNKNOWN, Device, read_device
from tests.streams.enrichment.agents import WINDOWS
from tests.tables import table

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Safari/605.1.15"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; {}; rv:120.0) Gecko/20100101 Firefox/120.0"
# What a person's machine says in passing.
IN_PASSING = [
    (FIREFOX.format("Sophos"), "Firefox"),
    (FIREFOX.format("Trend Micro 17"), "Firefox"),
    (FIREFOX.format("Monitor 24"), "Firefox"),
    (f"{WINDOWS} Kaspersky", "Chrome"),
    (f"{WINDOWS} (Bitdefender)", "Chrome"),
    (f"{WINDOWS} Checker Edition", "Chrome"),
    ("Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Symantec Endpoint; .NET CLR 3.5)", "IE"),
]
PEOPLE = [
    (WINDOWS, Device("desktop", "Windows", "Chrome", False)),
    (f"{WINDOWS} Edg/120.0.0.0", Device("desktop", "Windows", "Edge", False)),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI}", Device("desktop", "Mac OS X", "Safari", False)),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:27.0) Gecko/20100101 Firefox/27.0",
        Device("desktop", "Ubuntu", "Firefox", False),
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
        Device("desktop", "Chrome OS", "Chrome", False),
    ),
    (
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; WOW64; Trident/5.0)",
        Device("desktop", "Windows", "IE", False),
    ),
    (
        "Mozilla/5.0 (compatible; Konqueror/4.14; Linux) KHTML/4.14.0 (like Gecko)",
        Device("desktop", "Linux", "Konqueror", False),
    ),
    (f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1", Device("mobile", "iOS", "Mobile Safari", False)),
    (f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.0.0]", Device("mobile", "iOS", "Facebook", False)),
    (
        "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
        Device("mobile", "Android", "Chrome Mobile", False),
    ),
    ("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A)", Device("mobile", "Android", "Android", False)),
    (
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/34.1244; U; en) Presto/2.8.119 Version/11.10",
        Device("mobile", "", "Opera Mini", False),
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 7_0_4 like Mac OS X) AppleWebKit/537.51.1 Version/7.0 Mobile/11B554a Safari/9537.53",
        Device("tablet", "iOS", "Mobile Safari", False),
    ),
    (
        "Mozilla/5.0 (Linux; Android 12; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
        Device("tablet", "Android", "Chrome", False),
    ),
    (
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 76.0.3809.146/6.0 TV Safari/537.36",
        Device("other", "Tizen", "Safari", False),
    ),
    (
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.4266; Pro)",
        Device("desktop", "Windows", "Outlook", False),
    ),
    (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        Device("", "", "GmailImageProxy", False),
    ),
    *((agent, Device("desktop", "Windows", browser, False)) for agent, browser in IN_PASSING),
    ("MyShop/3.1", Device("other", "", "", False)),
    ("Mozilla/5.0", Device("other", "", "", False)),
    ("-", UNKNOWN),
    ("", UNKNOWN),
]


@table(("agent", "device"), PEOPLE)
def test_people(agent: str, device: Device) -> None:
    assert read_device(agent) == device


def test_a_telephone_named_like_a_robot() -> None:
    agent = "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 21) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    assert not read_device(agent).bot
    assert read_device(f"{agent} (compatible; ExampleBot/1.0)").bot


BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{IPHONE} Mobile/10A5376e Safari/8536.25 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Ezooms/1.0; help@moz.com)",
    "Mozilla/4.0 (compatible;)",
    "UniversalFeedParser/4.2-pre-314-svn +http://feedparser.org/",
    "Tiny Tiny RSS/1.11 (http://tt-rss.org/)",
    "Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10.6) Firefox/3.6 (FlipboardProxy/1.1; +http://flipboard.com/browserproxy)",
    "WhatsApp/2.23.20.0",
    "curl/8.5.0",
    "Wget/1.14 (linux-gnu)",
    "python-requests/2.31.0",
    "Go-http-client/2.0",
    "Java/1.8.0_141",
    "Ruby",
    "SomeNewbot",
    WINDOWS.replace("Chrome", "HeadlessChrome"),
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/534.34 PhantomJS/1.9.2 Safari/534.34",
    f"{WINDOWS} (Checkly, https://www.checklyhq.com) synthetic",
    "Barracuda Sentinel (EE)",
    f"{WINDOWS} Sophos/1.2",
    f"{WINDOWS} SiteMonitor/24",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Kaspersky",
    "Mozilla/5.0 (compatible; Uptime/1.0)",
    "W3C_Validator/1.3",
    "Monitor 24",
    "Microsoft Office Existence Discovery",
    "ExampleReader/1.0 (https://reader.example.org)",
]


@table("agent", BOTS)
def test_programs(agent: str) -> None:
    found = read_device(agent)
    assert found.bot
    assert found.device == "bot"


@given(st.text(max_size=300))
def test_any_text_gives_an_answer(agent: str) -> None:
    found = read_device(agent)
    assert found.device in {"desktop", "mobile", "tablet", "bot", "other", ""}
    assert found.bot == (found.device == "bot")


def test_what_is_past_the_limit_is_not_looked_at() -> None:
    assert read_device(WINDOWS + " " * 1_000 + "curl/8.5.0") == read_device(WINDOWS)
