"""What is done to Kafka, to what is said to it, and to what it keeps."""

import time
from random import Random

from tests.chaos.ground import SESSION_S
from tests.chaos.rewind import rewind_group
from tests.chaos.scene import Scene
from tests.journeys.crowd import CHANNELS
from touchline.worker.stages import STAGES, group_of, stage_topics, topics_of


def kill_kafka(scene: Scene, chance: Random) -> bool:
    """kill -9 of the only broker."""
    with scene.kafka_lock:
        scene.ground.kafka.kill()
        time.sleep(chance.uniform(0, 3))
        scene.ground.kafka.start()
    return True


def cut_kafka(scene: Scene, chance: Random) -> bool:
    """Connections to Kafka are cut, and refused for a moment."""
    away_s = chance.choice((0.0, 0.5, 2.0, SESSION_S + 1.0))
    cut = scene.ground.kafka_proxy.cut(chance, chance.choice((0.3, 1.0)), away_s)
    time.sleep(away_s)
    return cut > 0


def stall_kafka(scene: Scene, chance: Random) -> bool:
    """Kafka is heard of no more, then of all that was said meanwhile."""
    scene.ground.kafka_proxy.stall(True)
    try:
        time.sleep(chance.choice((1.0, 3.0, SESSION_S + 2.0)))
    finally:
        scene.ground.kafka_proxy.stall(False)
    return True


def send_again(scene: Scene, chance: Random) -> bool:
    """A producer sends a whole raw topic from its start once more."""
    return scene.feeder.send_again(chance.choice(CHANNELS)) > 0


def rewind(scene: Scene, chance: Random) -> bool:
    """A group is set back to the start of a topic: everything in it is read once more."""
    site, crew = scene.crew.site, scene.crew
    stage = chance.choice(STAGES)
    topic = chance.choice(stage_topics(topics_of(site.settings))[stage])
    group = group_of(site.settings, [stage] if crew.apart else STAGES)
    with scene.all_workers() as slots, scene.kafka_lock:
        for slot in slots:
            crew.kill(slot)
        done = rewind_group(scene.ground.kafka.bootstrap, group, topic)
        for slot in slots:
            crew.again(slot)
    return done
