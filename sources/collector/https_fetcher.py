"""Fetching of certificates and confirmation of subscriptions, by HTTPS and without following redirects.

The addresses come out of requests of strangers. Adapters take only those of an exact form, and here nothing leads
elsewhere: no redirect, no proxy of the environment, a small answer, a few seconds, a few at a time.
"""

from typing import Final

import aiohttp

from sources.collector.hook_services import FetchError

LARGEST_BYTES: Final = 64 * 1024
TIMEOUT_S: Final = 5
_MOST_CERTIFICATES: Final = 64  # providers renew them a few times a year
_AT_ONCE: Final = 4


class HttpsFetcher:
    """Fetches over connections of its own. `scheme` is that of allowed addresses."""

    def __init__(self, scheme: str = "https") -> None:
        self._scheme = scheme
        self._certificates: dict[str, bytes] = {}
        self._running = 0

    async def certificate(self, url: str) -> bytes:
        """Return what the address has, which is fetched once. Raises FetchError."""
        found = self._certificates.get(url)
        if found is None:
            found = await self._get(url)
            if len(self._certificates) >= _MOST_CERTIFICATES:
                self._certificates.pop(next(iter(self._certificates)))
            self._certificates[url] = found
        return found

    async def call(self, url: str) -> None:
        """Send a GET to the address. Raises FetchError."""
        await self._get(url)

    async def _get(self, url: str) -> bytes:
        if not url.startswith(f"{self._scheme}://"):
            raise FetchError("the address is not https")
        if self._running >= _AT_ONCE:
            raise FetchError("too many fetches are running")
        self._running += 1
        try:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(url, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise FetchError(f"the status is {answer.status}")
                content = bytearray()
                async for part in answer.content.iter_any():
                    content += part
                    if len(content) > LARGEST_BYTES:
                        raise FetchError(f"the answer has more than {LARGEST_BYTES:,} bytes")
                return bytes(content)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(f"no answer ({type(error).__name__})") from error
        finally:
            self._running -= 1
