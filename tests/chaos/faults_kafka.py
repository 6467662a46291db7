"""Faults of Kafka: its process, its connections, and repeated or rewound records."""

import time
from random import Random

from tests.chaos.environment import SESSION_S
from tests.chaos.fault_context import FaultContext
from tests.chaos.rewind import rewind_group
from tests.journeys.crowd import CHANNELS
from touchline.worker.stages import STAGES, group_of, stage_topics, topics_of


def kill_kafka(context: FaultContext, chance: Random) -> bool:
    """Kill the only broker with SIGKILL."""
    with context.kafka_lock:
        context.environment.kafka.kill()
        time.sleep(chance.uniform(0, 3))
        context.environment.kafka.start()
    return True


def cut_kafka(context: FaultContext, chance: Random) -> bool:
    """Cut connections to Kafka, and refuse new ones for a moment."""
    away_s = chance.choice((0.0, 0.5, 2.0, SESSION_S + 1.0))
    cut = context.environment.kafka_proxy.cut(chance, chance.choice((0.3, 1.0)), away_s)
    time.sleep(away_s)
    return cut > 0


def stall_kafka(context: FaultContext, chance: Random) -> bool:
    """Hold back all traffic with Kafka, then deliver it."""
    context.environment.kafka_proxy.stall(True)
    try:
        time.sleep(chance.choice((1.0, 3.0, SESSION_S + 2.0)))
    finally:
        context.environment.kafka_proxy.stall(False)
    return True


def send_again(context: FaultContext, chance: Random) -> bool:
    """Send a whole raw topic again from its start, as a producer may."""
    return context.feeder.send_again(chance.choice(CHANNELS)) > 0


def rewind(context: FaultContext, chance: Random) -> bool:
    """Reset a group to the start of a topic, so that it reads every record again."""
    site, workers = context.workers.site, context.workers
    stage = chance.choice(STAGES)
    topic = chance.choice(stage_topics(topics_of(site.settings))[stage])
    group = group_of(site.settings, [stage] if workers.separate_groups else STAGES)
    with context.all_workers() as slots, context.kafka_lock:
        for slot in slots:
            workers.kill(slot)
        done = rewind_group(context.environment.kafka.bootstrap, group, topic)
        for slot in slots:
            workers.restart(slot)
    return done
