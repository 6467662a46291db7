"""Touches with given weights, stored without the pipeline."""

from sinks.clickhouse.client import Client

_INSERT = "INSERT INTO incoming (tenant, event_id, channel, type, occurred_at, folded_into, weight) VALUES "


def put_touches(client: Client, *touches: tuple[str, int, float]) -> None:
    """Store touches: identifier, time in ms, weight."""
    rows = (
        f"('main', 'e{number}-{name}', 'visits', 'page', fromUnixTimestamp64Milli({at_ms}, 'UTC'), '{name}', {weight})"
        for number, (name, at_ms, weight) in enumerate(touches)
    )
    client.command(_INSERT + ", ".join(rows))
