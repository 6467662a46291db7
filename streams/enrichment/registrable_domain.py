"""Which hosts are one site: the domain somebody registered, worked out without the public suffix list.

The rule: the last two labels, or three where the second last is one that country registries hand names out under
(`co.uk`, `com.br`), or where customers of a hosting service are strangers to each other (`one.github.io`). Good
enough to know a site's own pages; not fit for security decisions.
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
    """The registered domain of a host (lower-case ASCII); an IP address or a single label is a site of its own."""
    labels = host.split(".")
    if len(labels) < 3 or host.startswith("[") or labels[-1].isdigit():
        return host
    pair = ".".join(labels[-2:])
    shared = pair in _HOSTINGS or (labels[-2] in _REGISTRIES and len(labels[-1]) == 2) or labels[-2] == "blogspot"
    return ".".join(labels[-3:]) if shared else pair
