"""One commit of offsets. When Kafka rejects it or does not answer, the next commit includes its offsets.

A commit that failed loses nothing: the offsets stay uncommitted, and after a restart the batches are processed again,
which has no further effect.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from aiokafka.structs import TopicPartition as KafkaTopicPartition

from streams.records import TopicPartition

COMMIT_TIMEOUT_S = 5.0

log = logging.getLogger(__name__)


async def commit_offsets(consumer: Any, offsets: Mapping[TopicPartition, int], generation: int, address: str) -> bool:
    """Commit offsets with aiokafka's consumer, in its own event loop. Return whether that succeeded.

    `generation` is that of the assignment in which the offsets were reached, `address` names Kafka in the log.
    """
    if consumer._coordinator.generation != generation:
        return False  # a late commit must not set back the progress of another worker
    values = {KafkaTopicPartition(*tp): OffsetAndMetadata(offset, "") for tp, offset in offsets.items()}
    try:
        await asyncio.wait_for(consumer.commit(values), COMMIT_TIMEOUT_S)
    except TimeoutError:
        log.warning("Kafka at %s does not answer; offsets will be committed when it answers.", address)
        return False
    except KafkaError as error:
        log.warning("Offsets could not be committed (%s); the next commit includes them.", type(error).__name__)
        return False
    return True
