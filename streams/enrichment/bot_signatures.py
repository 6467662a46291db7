"""Words that identify a user agent as a program's. Compared in lower case."""

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


MAIL_PROXIES: Final = ("googleimageproxy", "yahoomailproxy", "seznamemailproxy", "mail.ukr.net proxy")
"""Proxies that fetch the pictures of a mail when its reader opens it.

That is a person's open through another machine, so these are not bots.
"""

MAIL_SCANNERS: Final = _words(
    "barracuda, proofpoint, mimecast, safelinks, safe links, defender, microsoft office existence discovery, "
    "microsoft office protocol discovery, ciscosecureemail, ironport, trendmicro, trend micro, symantec, "
    "messagelabs, forcepoint, websense, fortiguard, fortimail, sophos, zscaler, vadesecure, hornetsecurity, "
    "kaspersky, bitdefender, checkpoint, avanan, fireeye, trellix, spamassassin, virustotal, urlscan, netcraft, "
    "phishtank"
)
"""Scanners that open the links of a mail before its reader does.

Most scanners send the agent of an ordinary browser; only the cap of a rule per message limits those (ten links at once
count as one).
"""

# "+http": by convention a robot names its home page.
CRAWLERS: Final = _words(
    "+http, crawl, spider, slurp, robot, bot/, bot , bot;, bot), bot-, bot_, archiver, scrapy, scraper, nutch, "
    "siteexplorer, semrush, ahrefs, screaming frog, chatgpt-user, claude-web, claude-user, perplexity-user, "
    "meta-external, arachni/, gobuster/, shodan, assetnote, google-, googleagent, mediapartners, apis-google, "
    "googleother, bingpreview, google web preview, duplexweb-google, googleprober, google page speed, "
    "google search console, googleadsenseinfeed, google_partner_monitoring, baidu transcoder, amazon-kendra, "
    "amazon cloudfront, novaact, heritrix, masscan, zgrab, nikto, sqlmap, nmap, wpscan, nuclei, censys, nessus, "
    "openvas, acunetix, httrack, webcopier, internet-measurement"
)

PREVIEWS: Final = _words(
    "embedly, iframely, facebookexternalhit, facebookexternalua, facebookcatalog, flipboardproxy, flipboardrss, "
    "whatsapp/, viberurldownloader, skypeuripreview, snap url preview, vkshare, url preview, link preview, "
    "linkpreview, irssiurllog, onebox, github-camo, imgproxy, bitlybot, livejournal.com"
)
"""Fetch a page to show a preview of a posted link."""

FEEDS: Final = _words(
    "fetcher, feedparser, feedburner, feedbin, feedly, feedblitz, feed parser, feedreader, commafeed, simplepie, "
    "magpierss, tiny tiny rss, freshrss, newsblur, inoreader, theoldreader, netnewswire, liferea, newsify, "
    "reeder/, akregator, miniflux, rss/, rssowl, spinn3r, superfeedr, bloglovin, netvibes, dataaccessd"
)
"""Fetch a feed periodically, whether a person reads it or not."""

MONITORS: Final = _words(
    "pingdom, statuscake, site24x7, datadog, newrelicpinger, new relic, gtmetrix, chrome-lighthouse, pagespeed, ptst/, "
    "zabbix, nagios, check_http, monit/, synthetic, kube-probe, googlehc, elb-healthchecker, amazon-route53, "
    "cloudflare, prometheus/, blackbox, grafana, catchpoint, changedetection, distill.io, portscout, distilator, "
    "linkcheck, link sleuth, chef client, puppet/, superblock-denim, robosourcer, binlar, munin/, collectd/, "
    "yottaamonitor, azure-logic-apps, microsoft-flow, apachebench, iplabel, taginspector, functionize, comodo dcv, "
    "sectigo"
)

LIBRARIES: Final = _words(
    "curl/, curl , wget, libfetch, python, aiohttp, httpx, urllib, http-client, jakarta, httpclient, http_request, "
    "libwww-perl, indy library, lwp::, lwp-, mechanize, winhttp, powershell, ahc/, cortex/, guzzle, php/, faraday, "
    "rest-client, typhoeus, node-fetch, node.js, axios/, undici, got (, superagent, reqwest, hyper/, ureq, "
    "lua-resty-http, jetty, vert.x, postmanruntime, insomnia/, httpie, phantomjs, slimerjs, headless, puppeteer, "
    "playwright, selenium, webdriver, cypress/, htmlunit, electron-fetch"
)
"""Libraries and tools of programs; no browser of a person contains these words."""

PROGRAMS: Final = (*CRAWLERS, *PREVIEWS, *FEEDS, *MONITORS, *LIBRARIES)
"""Words that no browser of a person contains: one is enough."""

ORDINARY: Final = _words("monitor, uptime, checker, validator, scanner, expanse")
"""Common words in names of programs."""

AMBIGUOUS: Final = (*MAIL_SCANNERS, *ORDINARY)
"""Names of programs that also occur in the agents of people's browsers.

A security suite adds its name, a machine is called `Monitor 24`. In an agent that is otherwise a browser's they count
only as a product with its version (`Sophos/1.2`, RFC 9110, 10.1.5).
"""

BARE_PROGRAMS: Final = frozenset(
    _words("ruby, java, php, perl, python, curl, wget, node, deno, bun, go, bot, crawler, spider")
)
"""Agents that consist of nothing else."""

APP_LIBRARIES: Final = ("java/", "okhttp/", "dart/", "deno/", "bun/")
"""HTTP libraries of scripts and of mobile apps.

An agent that begins with one is a script's; an app that a person uses puts its own name first (`MyShop/3.1 (Android 15;
Pixel 9) okhttp/4.12.0`).
"""

SMALL_BROWSERS: Final = _words(
    "msie, konqueror, ibrowse, netpositive, webpositive, abrowse, polaris, risc os, acorn browse, ncbrowser, infinet, "
    "lotus-notes, ms-office, gecko/"
)
"""Browsers whose agent has the form `(compatible; NAME ..)`, on systems that ua-parser does not know.

Programs have that form, too. One of the browsers is Outlook, which loads the pictures of the mail being read as
`(compatible; ms-office; MSOffice 16)`.
"""

NOT_BOTS: Final = ("cubot",)
"""Brands of telephones whose name contains a word of a robot."""

SKIPPED_PATTERNS: Final = frozenset(
    (
        r"Sogou",  # SogouMobileBrowser
        r"Viber",  # the browser inside the app, as in the next one
        r"WhatsApp",
        r"Fluid",  # single-site browsers on a Mac
        r"Sonic",  # ViewSonic's tablets
        r"008\/",  # the end of a model's name or of an id
        r"Chirp|gotosocial",  # GoogleChirp, a loudspeaker
        r"Expanse",  # see AMBIGUOUS
        r"okhttp",  # see APP_LIBRARIES
    )
)
"""Patterns of crawler-user-agents that also match browsers and telephones of people.

The programs that they are meant for are recognised by a word above or by an address in their agent.
"""
