"""Known hosts that send visitors: search engines, social networks, mail in a browser.

Compiled by hand in November 2026 from the networks' own addresses; `docs/decisions/003-referrer-list.md` says why, and
how it is maintained. An entry matches its host and everything below it; the longest one wins. A brand matches its name
under the domain of every country.
"""

from collections.abc import Mapping
from typing import Final

SEARCH: Final[Mapping[str, str]] = {
    "google": "google.com syndicatedsearch.goog com.google.android.googlequicksearchbox "
    "com.google.android.apps.searchlite com.google.googlemobile 284815942",
    "bing": "bing.com com.microsoft.bing com.microsoft.bingintl 345323231",
    "yahoo": "search.yahoo.com search.yahoo.co.jp r.search.yahoo.com yahoo.com yahoo.co.jp "
    "com.yahoo.mobile.client.android.search",
    "duckduckgo": "duckduckgo.com com.duckduckgo.mobile.android 663592361",
    "ecosia": "ecosia.org com.ecosia.android",
    "startpage": "startpage.com startpage.eu ixquick.com",
    "qwant": "qwant.com com.qwant.liberty",
    "brave": "search.brave.com",
    "kagi": "kagi.com",
    "mojeek": "mojeek.com",
    "swisscows": "swisscows.com swisscows.ch",
    "metager": "metager.de metager.org",
    "marginalia": "search.marginalia.nu",
    "searx": "searx.be searx.space",
    "presearch": "presearch.com presearch.org",
    "perplexity": "perplexity.ai ai.perplexity.app.android",
    "you": "you.com",
    "baidu": "baidu.com com.baidu.searchbox 382201985",
    "sogou": "sogou.com com.sogou.activity.src",
    "360": "so.com",
    "shenma": "sm.cn",
    "yandex": "yandex.com ya.ru xn--d1acpjx3f.xn--p1ai ru.yandex.searchplugin com.yandex.searchapp",
    "rambler": "nova.rambler.ru",
    "mail.ru": "go.mail.ru",
    "naver": "search.naver.com m.search.naver.com naver.com com.nhn.android.search 393499958",
    "daum": "search.daum.net daum.net net.daum.android.daum",
    "nate": "search.nate.com",
    "seznam": "seznam.cz cz.seznam.sbrowser",
    "goo": "search.goo.ne.jp",
    "biglobe": "cgi.search.biglobe.ne.jp",
    "coccoc": "coccoc.com com.coccoc.trinhduyet",
    "ask": "ask.com",
    "aol": "search.aol.com aol.com",
    "lycos": "lycos.com",
    "excite": "excite.com",
    "dogpile": "dogpile.com",
    "info": "info.com",
    "webcrawler": "webcrawler.com",
    "wolframalpha": "wolframalpha.com",
    "lilo": "search.lilo.org",
    "gmx": "suche.gmx.net suche.gmx.de",
    "web.de": "suche.web.de",
    "t-online": "suche.t-online.de",
    "orange": "lemoteur.orange.fr",
    "virgilio": "ricerca.virgilio.it",
    "libero": "ricerca.libero.it",
    "onet": "szukaj.onet.pl",
    "wp": "szukaj.wp.pl",
    "sapo": "pesquisa.sapo.pt",
}

SOCIAL: Final[Mapping[str, str]] = {
    "facebook": "facebook.com fb.com fb.me m.me messenger.com com.facebook.katana com.facebook.orca com.facebook.lite "
    "com.facebook.mlite com.facebook.facebook com.facebook.messenger 284882215 454638411",
    "instagram": "instagram.com com.instagram.android com.instagram.lite com.burbn.instagram 389801252",
    "threads": "threads.net threads.com com.instagram.barcelona com.burbn.barcelona",
    "whatsapp": "whatsapp.com wa.me com.whatsapp com.whatsapp.w4b net.whatsapp.whatsapp 310633997",
    "x": "x.com twitter.com t.co com.twitter.android com.twitter.android.lite com.atebits.tweetie2 333903271",
    "linkedin": "linkedin.com lnkd.in com.linkedin.android com.linkedin.android.lite com.linkedin.linkedin 288429040",
    "youtube": "youtube.com youtu.be youtube-nocookie.com com.google.android.youtube "
    "com.google.android.apps.youtube.music com.google.ios.youtube 544007664",
    "tiktok": "tiktok.com com.zhiliaoapp.musically com.ss.android.ugc.trill com.zhiliaoapp.musically.go 835599320",
    "pinterest": "pinterest.com pin.it com.pinterest com.pinterest.twa 429047995",
    "reddit": "reddit.com redd.it com.reddit.frontpage com.laurencedawson.reddit_sync com.andrewshu.android.reddit "
    "com.reddit.reddit 1064216828",
    "snapchat": "snapchat.com com.snapchat.android com.toyopagroup.picaboo 447188370",
    "telegram": "telegram.org telegram.me t.me org.telegram.messenger org.telegram.messenger.web org.telegram.plus "
    "org.thunderdog.challegram ph.telegra.telegraph 686449807",
    "discord": "discord.com discordapp.com discord.gg com.discord com.hammerandchisel.discord 985746746",
    "mastodon": "mastodon.social mastodon.online mstdn.social mas.to fosstodon.org hachyderm.io chaos.social "
    "org.joinmastodon.android com.keylesspalace.tusky",
    "bluesky": "bsky.app go.bsky.app xyz.blueskyweb.app",
    "tumblr": "tumblr.com com.tumblr",
    "quora": "quora.com com.quora.android",
    "hackernews": "news.ycombinator.com hckrnews.com",
    "lobsters": "lobste.rs",
    "lemmy": "lemmy.world lemmy.ml",
    "slashdot": "slashdot.org",
    "stackoverflow": "stackoverflow.com",
    "stackexchange": "stackexchange.com askubuntu.com serverfault.com superuser.com mathoverflow.net",
    "medium": "medium.com com.medium.reader",
    "substack": "substack.com",
    "vimeo": "vimeo.com",
    "twitch": "twitch.tv",
    "flickr": "flickr.com flic.kr",
    "meetup": "meetup.com",
    "goodreads": "goodreads.com",
    "strava": "strava.com",
    "soundcloud": "soundcloud.com",
    "nextdoor": "nextdoor.com com.nextdoor",
    "xing": "xing.com com.xing.android",
    "viadeo": "viadeo.com",
    "vk": "vk.com vkontakte.ru vk.ru com.vkontakte.android",
    "ok": "ok.ru odnoklassniki.ru ru.ok.android",
    "livejournal": "livejournal.com",
    "weibo": "weibo.com weibo.cn com.sina.weibo",
    "wechat": "wechat.com weixin.qq.com mp.weixin.qq.com com.tencent.mm com.tencent.xin 414478124",
    "qzone": "qzone.qq.com com.qzone com.tencent.mobileqq",
    "douban": "douban.com",
    "zhihu": "zhihu.com",
    "xiaohongshu": "xiaohongshu.com com.xingin.xhs",
    "bilibili": "bilibili.com tv.danmaku.bili",
    "douyin": "douyin.com com.ss.android.ugc.aweme",
    "line": "line.me jp.naver.line.android jp.naver.line 443904275",
    "kakao": "kakao.com com.kakao.talk com.iwilab.kakaotalk",
    "mixi": "mixi.jp",
    "hatena": "b.hatena.ne.jp",
    "note": "note.com",
    "dailymotion": "dailymotion.com",
    "myspace": "myspace.com",
    "digg": "digg.com",
    "stumbleupon": "stumbleupon.com",
    "google+": "plus.google.com plus.url.google.com",
    "linktree": "linktr.ee",
    "buffer": "buff.ly buffer.com",
    "hootsuite": "ow.ly hootsuite.com",
    "viber": "viber.com com.viber.voip",
    "signal": "signal.me org.thoughtcrime.securesms",
    "slack": "slack.com com.slack com.tinyspeck.chatlyio 618783545",
    "teams": "teams.microsoft.com teams.live.com statics.teams.cdn.office.net com.microsoft.teams "
    "com.microsoft.skype.teams 1113153706",
}

MAIL: Final[Mapping[str, str]] = {
    "gmail": "mail.google.com inbox.google.com com.google.android.gm com.google.android.gm.lite com.google.gmail "
    "422689480",
    "outlook": "outlook.live.com outlook.com outlook.office.com outlook.office365.com hotmail.com mail.live.com "
    "safelinks.protection.outlook.com com.microsoft.office.outlook "
    "com.microsoft.outlooklite 951937596",
    "yahoo": "mail.yahoo.com mail.yahoo.co.jp com.yahoo.mobile.client.android.mail "
    "com.yahoo.mobile.client.android.mail.lite 577586159",
    "icloud": "icloud.com",
    "aol": "mail.aol.com com.aol.mobile.aolapp",
    "proton": "mail.proton.me mail.protonmail.com proton.me ch.protonmail.android",
    "tuta": "app.tuta.com mail.tutanota.com de.tutao.tutanota",
    "fastmail": "fastmail.com fastmail.fm com.fastmail.app",
    "hey": "app.hey.com",
    "zoho": "mail.zoho.com mail.zoho.eu mail.zoho.in com.zoho.mail",
    "gmx": "gmx.net gmx.de gmx.at gmx.ch gmx.com de.gmx.mobile.android.mail",
    "web.de": "web.de de.web.mobile.android.mail",
    "t-online": "email.t-online.de de.telekom.mail",
    "posteo": "posteo.de",
    "mailbox.org": "mailbox.org",
    "orange": "webmail.orange.fr messagerie.orange.fr",
    "laposte": "webmail.laposte.net",
    "free": "webmail.free.fr",
    "libero": "mail.libero.it",
    "virgilio": "mail.virgilio.it",
    "seznam": "email.seznam.cz",
    "onet": "poczta.onet.pl",
    "wp": "poczta.wp.pl",
    "yandex": "mail.yandex.ru mail.yandex.com ru.yandex.mail",
    "mail.ru": "e.mail.ru",
    "rambler": "mail.rambler.ru",
    "qq": "mail.qq.com exmail.qq.com",
    "netease": "mail.163.com mail.126.com",
    "sina": "mail.sina.com.cn",
    "naver": "mail.naver.com",
    "daum": "mail.daum.net",
    "comcast": "connect.xfinity.com",
    "rediff": "mail.rediff.com",
    "proofpoint": "urldefense.proofpoint.com urldefense.com",
    "mimecast": "mimecast.com",
    "barracuda": "linkprotect.cudasvc.com",
    "cisco": "secure-web.cisco.com",
    "mailchimp": "campaign-archive.com mailchi.mp",
    "samsung": "com.samsung.android.email.provider",
    "thunderbird": "net.thunderbird.android com.fsck.k9",
    "spark": "com.readdle.spark",
    "bluemail": "me.bluemail.mail",
    "aquamail": "org.kman.aquamail",
}

BRANDS: Final[Mapping[str, str]] = {
    "google": "search",
    "yahoo": "search",
    "yandex": "search",
    "ask": "search",
    "lycos": "search",
    "excite": "search",
    "pinterest": "social",
    "xing": "social",
}
"""Brands under the domain of every country: `google.co.uk`, `yandex.kz`."""

OTHER: Final = """
    accounts.google.com docs.google.com drive.google.com sites.google.com groups.google.com code.google.com
    news.google.com translate.google.com gemini.google.com meet.google.com calendar.google.com
    classroom.google.com support.google.com cloud.google.com developers.google.com tagmanager.google.com
    analytics.google.com ads.google.com play.google.com finance.yahoo.com news.yahoo.com sports.yahoo.com
    groups.yahoo.com login.yahoo.com tw.bid.yahoo.com webmaster.yandex.ru metrika.yandex.ru passport.yandex.ru
    disk.yandex.ru market.yandex.ru blog.naver.com cafe.naver.com cafe.daum.net tieba.baidu.com zhidao.baidu.com
    pan.baidu.com login.live.com developers.facebook.com
"""
"""Hosts below an entry of the lists that are something else: no search, post or mail sent the visitor."""
