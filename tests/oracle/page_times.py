"""How long page views were in the foreground, from all pings at once."""

from collections.abc import Iterable

from schemas.pings import Ping

PageView = tuple[str, str, str]  # tenant, folded into, page id


def longest_views(fed: Iterable[object]) -> dict[PageView, int]:
    """Return the largest time of each page view, in milliseconds. Records that are no pings are ignored."""
    longest: dict[PageView, int] = {}
    for each in fed:
        if isinstance(each, Ping):
            view = each.tenant, each.to.partition("|")[2], each.page_id
            longest[view] = max(each.engaged_ms, longest.get(view, 0))
    return longest
