"""A process with a spool, for tests that kill it: `append FOLDER TOPIC PREFIX`, or `drain FOLDER KAFKA`.

`append` prints the id of each record once it is durable, until it is killed. `drain` ends when the spool is empty.
"""

import asyncio
import itertools
import os
import sys
from pathlib import Path

from sources.collector.group_commit import KafkaSink
from sources.collector.kafka_connection import KafkaLimits
from sources.collector.spool.drain import Drain
from sources.collector.spool.spool import Spool, SpoolLimits
from tests.sources.collector.raw_topics import raw

WRITERS = 8
LIMITS = SpoolLimits(segment_bytes=4000)


async def append(folder: Path, topic: str, prefix: str) -> None:
    """Append from several tasks without end."""
    spool = Spool(folder, LIMITS)
    numbers = itertools.count()

    async def write() -> None:
        for n in numbers:
            await spool.append([raw(topic, f"{prefix}-{n}", "x" * (n % 300))])
            os.write(1, f"{prefix}-{n}\n".encode())

    os.write(1, b"started\n")
    await asyncio.gather(*[write() for _ in range(WRITERS)])


async def drain(folder: Path, bootstrap: str) -> None:
    """Drain until nothing is left."""
    spool, kafka = Spool(folder, LIMITS), KafkaSink(bootstrap, KafkaLimits(ack_timeout_s=60))
    kafka.start()
    os.write(1, b"started\n")
    task = asyncio.create_task(Drain(spool, kafka).run())
    await spool.emptied.wait()
    task.cancel()
    await kafka.stop()
    await spool.close()


if __name__ == "__main__":
    mode, first, *rest = sys.argv[1:]
    asyncio.run({"append": append, "drain": drain}[mode](Path(first), *rest))
