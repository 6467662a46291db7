"""The job in ClickHouse alone: its Kafka engine reads the topics, views decode, a merge drops repeats, a view scores.

This process only creates the tables and waits; the work, and its CPU time, are the engine's.
"""

import sys
from pathlib import Path
from string import Template
from typing import Any, Final, get_args, get_type_hints

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from clickhouse_connect.driver.exceptions import DatabaseError

from sinks.clickhouse.client import Client, connect, connect_server, parse_address
from sinks.clickhouse.errors import error_code
from tests.benchmarks.peers.contract import CHANNELS, LARGEST_BYTES, MODELS
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.row import COLUMNS
from tests.benchmarks.peers.score import HALF_LIFE_MS, LANDMARK_MS, WEIGHTS

EVERY_S: Final = 5.0
_NO_BACKGROUND: Final = 49
ADDED: Final = ("touches", "score")  # columns of a running fold, which views over blocks do not have
TABLES: Final = Path(__file__).with_name("tables.sql")


def read_statements(order: Order) -> list[str]:
    """Return the statements that create the tables and the views."""
    columns = [f"{name} {kind}" for name, kind in COLUMNS.items() if name not in ADDED]
    values = {
        "kafka": order.kafka,
        "topics": ",".join(map(order.topic, CHANNELS)),
        "group": f"{order.prefix}clickhouse-{order.run}",
        "every_ms": round(order.every_s * 1000),
        "columns": ",\n    ".join(columns),
        "prefix_length": len(order.prefix),
        "kinds": _quote(WEIGHTS),
        "weights": ", ".join(map(repr, WEIGHTS.values())),
        "types": _quote(kind for channel in CHANNELS for kind in _kinds(channel)),
        "landmark_ms": LANDMARK_MS,
        "half_life_ms": float(HALF_LIFE_MS),
        "largest_bytes": LARGEST_BYTES,
    }
    text = Template(TABLES.read_text(encoding="utf-8")).substitute(values)
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [one for one in "\n".join(lines).split(";\n") if one.strip()]


def _quote(words: Any) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _kinds(channel: str) -> list[str]:
    """Return `channel.type` of all types of a channel."""
    return [f"{channel}.{one}" for one in get_args(get_type_hints(MODELS[channel])["type"])]


def create_kafka_table(client: Client, statement: str) -> None:
    """Create the table that reads Kafka. The embedded engine has no threads to read in the background, which it says as
    an error after the table exists; reading by a query works."""
    try:
        client.command(statement)
    except DatabaseError as error:
        if error_code(error) != _NO_BACKGROUND or not client.command("EXISTS TABLE raw"):
            raise


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("ClickHouse", EVERY_S, keyed=False)
    ledger = Ledger("clickhouse", "chdb", order)
    address = parse_address(order.clickhouse)
    server = connect_server(address)
    server.command(f"CREATE DATABASE IF NOT EXISTS `{address.database}`")
    client = connect(address, "write")
    ledger.watch()
    ledger.begin()
    raw, *tables, read = read_statements(order)
    create_kafka_table(client, raw)
    for table in tables:
        client.command(table)
    while not ledger.done():
        client.command(read)
        ledger.handled, ledger.rejected = client.query("SELECT sum(handled), sum(rejected) FROM counts").result_rows[0]
    client.query("SELECT sum(touches), sum(score) FROM customers")  # once: what the other peers have by now
    ledger.end()
    rows = client.query("SELECT count() FROM touches FINAL").result_rows[0][0]
    ledger.duplicates = ledger.handled - ledger.rejected - rows
    client.command("DROP TABLE raw SYNC")
    print(ledger.line(rows, 0), flush=True)
    client.close()
    server.close()


if __name__ == "__main__":
    main()
