"""Records that wait for each stage, on a real Kafka."""

from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from dashboards.live.lag import StageSource, partitions_by_topic, read_lag
from tests.streams.cluster import make_topics, write_records


async def test_lag_is_what_no_group_of_the_stage_has_committed(kafka: str) -> None:
    topic, missing, group = f"lag-{uuid4().hex}", f"none-{uuid4().hex}", f"g-{uuid4().hex}"
    make_topics(kafka, topic, partitions=2)
    await write_records(kafka, topic, {0: [(None, b"x")] * 5, 1: [(None, b"x")] * 3})
    member = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    admin, consumer = AIOKafkaAdminClient(bootstrap_servers=kafka), AIOKafkaConsumer(bootstrap_servers=kafka)
    for client in (member, admin, consumer):
        await client.start()
    try:
        member.assign([TopicPartition(topic, 0)])
        await member.commit({TopicPartition(topic, 0): 4})
        stages = {
            "engage": StageSource((topic,), ("another-group", group)),
            "store": StageSource((topic,), ("another-group",)),
            "intake": StageSource((missing,), (group,)),
        }
        assert await read_lag(admin, consumer, stages) == {"engage": 4, "store": 8}
        assert missing not in await partitions_by_topic(admin)  # asking for it has not created it
    finally:
        for client in (member, admin, consumer):
            await (client.close() if client is admin else client.stop())
