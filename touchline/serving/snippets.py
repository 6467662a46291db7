"""Ready lines that send a first touch to the collector of a local system."""


def curl_snippet(collector: str, key: str) -> list[str]:
    """Return the lines of a shell command that sends a page view, which happens when the command runs."""
    return [
        f"curl {collector}/v1/touches -H 'Authorization: Bearer {key}' -d '",
        '{"channel": "visits", "type": "page", "occurred_at": \'$(date +%s000)\',',
        ' "url": "https://shop.example/pricing", "email": "ada@example.org"}\'',
    ]


def sdk_lines(collector: str, key: str) -> list[str]:
    """Return what to change in existing SDKs, so that they send to the collector."""
    return [
        f"Segment, RudderStack, PostHog   write key {key}, host {collector}",
        f"Snowplow                        app id {key}, collector {collector}",
    ]


def script_tag(collector: str, key: str) -> str:
    """Return the line of HTML that puts the browser tracker into a page."""
    return f'<script async src="{collector}/t.js" data-key="{key}"></script>'


def webhook_address(collector: str) -> str:
    """Return the address that services call, with the parts in capitals that `hooks.toml` names."""
    return f"{collector}/v1/hooks/PROVIDER/NAME"
