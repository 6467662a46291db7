"""The job in Kafka Streams, with exactly-once processing: this process makes the table and runs the JVM.

Rows go to a topic within the transaction; a consumer in the same JVM inserts the committed ones.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from tests.benchmarks.peers.contract import CHANNELS
from tests.benchmarks.peers.java_environment import make_java_environment
from tests.benchmarks.peers.ledger import Order, read_order
from tests.benchmarks.peers.store import Store

COMMIT_S: Final = 5.0
FOLDER: Final = Path(__file__).parent


def read_version() -> str:
    """Return the version of Kafka Streams in the pom."""
    found = ElementTree.parse(FOLDER / "pom.xml").findtext(".//{*}dependency/{*}version")
    assert found, "the pom names a version"
    return found


def run_java(order: Order, partitions: int) -> dict[str, Any]:
    """Run the JVM to its end and return its report. Exits with its code if it fails."""
    words = [order.kafka, order.prefix, order.clickhouse, order.touches, order.folder, order.every_s, order.run]
    line = [*make_java_environment(FOLDER.name, lambda text: print(text, file=sys.stderr)), *map(str, words)]
    done = subprocess.run([*line, str(partitions)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Kafka Streams", COMMIT_S, keyed=False)
    store = Store(order.clickhouse)
    admin = KafkaAdminClient(bootstrap_servers=order.kafka)
    rows = f"{order.prefix}streams-{order.run}-rows"
    partitions = len(admin.describe_topics([order.topic(CHANNELS[0])])[0]["partitions"])
    admin.create_topics([NewTopic(rows, partitions, 1)])
    report = run_java(order, partitions)
    admin.delete_topics([topic for topic in admin.list_topics() if order.run in topic])
    admin.close()
    counts = {"rows": store.count(), "wrong_customers": store.wrong_customers()}
    about = {"peer": "kafka_streams", "by": "identifier", "every_s": order.every_s, "version": read_version()}
    print(json.dumps(about | report | counts), flush=True)
    store.close()


if __name__ == "__main__":
    main()
