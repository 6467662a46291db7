"""Lines of access logs for tests, and functions that import them."""

from sources.access_logs.importer import AccessLogOptions, read_access_log
from sources.outcome import Emit, Outcome, RawTouch

OPTIONS = AccessLogOptions("https://www.example.com", b"a key of the test")


def line(
    target: str = "/",
    *,
    method: str = "GET",
    status: int = 200,
    referrer: str = "-",
    agent: str = "Mozilla/5.0",
    host: str = "203.0.113.7",
    user: str = "-",
) -> bytes:
    request = f"{method} {target} HTTP/1.1"
    text = f'{host} - {user} [17/May/2015:10:05:03 +0000] "{request}" {status} 512 "{referrer}" "{agent}"\n'
    return text.encode()


def outcomes(*lines: bytes, options: AccessLogOptions = OPTIONS) -> list[Outcome]:
    return list(read_access_log(lines, options))


def touch(one: bytes, options: AccessLogOptions = OPTIONS) -> RawTouch:
    (outcome,) = outcomes(one, options=options)
    assert isinstance(outcome, Emit), outcome
    assert outcome.channel == "visits"
    return outcome.touch


def made_by(text: str, options: AccessLogOptions = OPTIONS) -> list[tuple[object, object]]:
    """Return (address, URL) of each touch of a file."""
    lines = [one.encode() + b"\n" for one in text.split("\n")]
    return [
        (one.touch.get("ip"), one.touch["url"]) for one in outcomes(*lines, options=options) if isinstance(one, Emit)
    ]
