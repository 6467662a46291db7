"""The registered domain of a host, computed without the public suffix list.

The rule: the last two labels, or three if the last two are a suffix under which registries give out names (`co.uk`,
`com.br`) or hosting services separate customers (`one.github.io`). That is good enough to recognise a site's own pages,
and not fit for security decisions.
"""

from typing import Final

_UNDER_COUNTRY: Final = """
    ac co com edu gen go gob gouv gov govt gv id ind info ltd me mil ne net nhs nom or org plc sch web
"""
_SHARED: Final = """
    github.io gitlab.io blogspot.com wordpress.com tumblr.com livejournal.com herokuapp.com netlify.app
    vercel.app pages.dev workers.dev web.app firebaseapp.com appspot.com azurewebsites.net azurestaticapps.net
    cloudfront.net amazonaws.com onrender.com fly.dev myshopify.com wixsite.com weebly.com squarespace.com
    webflow.io substack.com medium.com notion.site hubspotpagebuilder.com readthedocs.io replit.app ngrok.io
    ngrok.app
"""
_REGISTRIES: Final = frozenset(_UNDER_COUNTRY.split())
_HOSTINGS: Final = frozenset(_SHARED.split())


def site(host: str) -> str:
    """Return the registered domain of a host (lower-case ASCII). An IP address or a single label is its own."""
    labels = host.split(".")
    if len(labels) < 3 or host.startswith("[") or labels[-1].isdigit():
        return host
    pair = ".".join(labels[-2:])
    shared = pair in _HOSTINGS or (labels[-2] in _REGISTRIES and len(labels[-1]) == 2) or labels[-2] == "blogspot"
    return ".".join(labels[-3:]) if shared else pair
