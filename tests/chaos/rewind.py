"""Reset of a consumer group to the start of a topic, as an operator does with Kafka's own tool."""

import time
from typing import Final

from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from tests.chaos.environment import SESSION_S

PATIENCE_S: Final = 4.0 * SESSION_S  # the sessions of the killed members have to expire first
RETRY_S: Final = 0.5


def rewind_group(kafka: str, group: str, topic: str) -> bool:
    """Reset the group and return whether it succeeded.

    It cannot succeed while the group has members, or if the group has committed nothing.
    """
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            try:
                known = admin.list_group_offsets({group: None})[group]
                back = {place: OffsetAndMetadata(0, "", -1) for place in known if place.topic == topic}
                if back:
                    admin.alter_group_offsets(group, back)
                    moved = admin.list_group_offsets({group: None})[group]
                    if all(moved[place].offset == 0 for place in back):
                        return True
            except KafkaError:
                pass
            time.sleep(RETRY_S)
        return False
    finally:
        admin.close()
