"""Access logs with one JSON object per line, of nginx (by its `log_format`), Caddy, Traefik, Envoy, CDNs and others.

No standard names the keys. Objects are flattened (`request.headers.User-Agent`), and keys are compared without case,
`_` and `-`. `FIELDS` lists the known keys; the first one that an object has counts.
"""

import json
from typing import Final

from sources.access_logs.addresses import read_address
from sources.access_logs.request import (
    LogLine,
    Unreadable,
    UnreadableReason,
    build_log_line,
    replace_controls,
    unescape,
)
from sources.access_logs.times import parse_any, parse_utc
from sources.access_logs.w3c import CLOUDFRONT_FIELD as _CLOUDFRONT_KEY
from sources.access_logs.w3c import decode_cloudfront

_FIELDS: Final = {
    "time": """
        timelocal timeiso8601 @timestamp starttime startutc edgestarttimestamp edgeendtimestamp timestamp
        msec ts datetime time date""",
    "real_ip": """
        httpxrealip xrealip request.clientip request.headers.xrealip httpcfconnectingip cfconnectingip
        request.headers.cfconnectingip requestxrealip requestcfconnectingip trueclientip client.ip""",
    "forwarded": """
        httpxforwardedfor xforwardedfor request.headers.xforwardedfor requestxforwardedfor
        proxyaddxforwardedfor forwardedfor""",
    "remote": """
        cip remoteaddr request.remoteip clienthost clientaddr clientip remoteip httprequest.remoteip
        source.address source.ip client.address downstreamremoteaddress remoteaddress request.remoteaddr
        remotehost remote client ip host.ip""",
    "user": "remoteuser userid clientusername user.name clientuser",
    "host": """
        xhostheader httphost request.host requesthost clientrequesthost authority vhost virtualhost
        originalhost servername host url.domain""",
    "request": "request requestline",
    "method": """
        csmethod requestmethod request.method clientrequestmethod httprequest.requestmethod
        http.request.method httpmethod method verb""",
    "target": """
        csuristem requesturi request.uri requestpath clientrequesturi httprequest.requesturl url.original
        uri path xenvoyoriginalpath url""",
    "query": "csuriquery args querystring url.query requestquery query",
    "status": """
        scstatus status downstreamstatus responsecode edgeresponsestatus httprequest.status
        http.response.statuscode statuscode responsestatus httpstatus httpstatuscode code""",
    "size": """
        scbytes bodybytessent downstreamcontentsize bytessent edgeresponsebytes httprequest.responsesize
        http.response.body.bytes size bytes responsesize sentbytes""",
    "referrer": """
        cs(referer) httpreferer httpreferrer referer referrer request.headers.referer requestreferer
        clientrequestreferer httprequest.referer http.request.referrer""",
    "user_agent": """
        cs(useragent) httpuseragent useragent request.headers.useragent requestuseragent
        clientrequestuseragent httprequest.useragent useragent.original agent""",
    "media_type": """
        sccontenttype senthttpcontenttype contenttype respheaders.contenttype downstreamcontenttype
        edgeresponsecontenttype http.response.mimetype originresponsecontenttype""",
}
FIELDS: Final = {role: tuple(keys.split()) for role, keys in _FIELDS.items()}
"""Keys by role, the most reliable first: in lower case, without `_` and `-`, nested ones joined by dots."""

_DEPTH: Final = 5
_IGNORED = str.maketrans("", "", "_-")


class JsonReader:
    """A reader of one object per line."""

    def read(self, text: str, ended: bool) -> LogLine | Unreadable:
        """See `sources.access_logs.request.LineReader`."""
        fields = _load(text)
        if fields is None:
            whole = text.startswith("{") and text.endswith("}")
            reason: UnreadableReason = "cut_short" if text.startswith("{") and not whole else "not_a_log_line"
            return Unreadable(reason, f"not a JSON object: {text[:60]!r}")
        values = find_fields(fields)
        missing = [name for name in ("time", "status") if name not in values]
        if "request" not in values and "target" not in values:
            missing.append("request")
        if missing:
            return Unreadable("not_a_log_line", f"no known key for {', '.join(missing)}: {text[:60]!r}")
        if "date" in fields and _CLOUDFRONT_KEY in fields:
            values["time"] = f"{fields['date']} {fields.get('time')}"
            return build_log_line(decode_cloudfront(values), parse_utc(values["time"]))
        return build_log_line(values, parse_any(values["time"]))


def is_request(text: str) -> bool:
    """Return whether a line is an object with the keys of a request."""
    return text.startswith("{") and isinstance(JsonReader().read(text, True), LogLine)


def explain_unreadable(text: str) -> Unreadable | None:
    """Return why an object is no request, such as its missing keys; None means a request, or no JSON object."""
    found = JsonReader().read(text, True) if _load(text) is not None else None
    return found if isinstance(found, Unreadable) else None


def _load(text: str) -> dict[str, object] | None:
    """Return the object, or None. nginx without `escape=json` writes `\\xHH`, which is no JSON and is kept for
    `unescape`."""
    for one in (text, text.replace("\\x", "\\\\x")):
        try:
            fields = json.loads(one)
        except (ValueError, RecursionError):
            continue
        return fields if isinstance(fields, dict) else None
    return None


def find_fields(fields: dict[str, object]) -> dict[str, str]:
    """Return the values of an object by role, for `sources.access_logs.request.build_log_line`."""
    flat: dict[str, str] = {}
    _flatten(fields, "", flat, _DEPTH)
    found = {}
    for role, keys in FIELDS.items():
        value = next((flat[key] for key in keys if key in flat), None)
        if value is not None:
            found[role] = "" if value == "-" else unescape(value) if "\\x" in value else replace_controls(value)
    if not found.keys() & {"remote", "forwarded", "real_ip"} and read_address(found.get("host", "")):
        found["remote"] = found.pop("host")  # Fluentd's parsers of Apache and nginx call the client `host`
    return found


def _flatten(fields: dict[str, object], before: str, flat: dict[str, str], depth: int) -> None:
    for key, value in fields.items():
        name = before + key.lower().translate(_IGNORED)
        if name == "properties":
            name = ""  # Azure's diagnostic logs nest the request in `properties`
        if isinstance(value, list) and value:
            value = value[0]  # Caddy has a list of values for each header
        if isinstance(value, dict) and depth:
            _flatten(value, name and name + ".", flat, depth - 1)
        elif isinstance(value, str):
            flat.setdefault(name, value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            flat.setdefault(name, str(value))
