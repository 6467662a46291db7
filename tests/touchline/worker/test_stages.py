"""Consumer groups and topics of the stages."""

from collections.abc import Sequence

import pytest

from touchline.settings import read_settings
from touchline.worker.stages import STAGES, group_of, topics_of


@pytest.mark.parametrize(
    ("stages", "group"),
    [
        (STAGES, "touchline"),
        (tuple(reversed(STAGES)), "touchline"),
        (["intake"], "touchline-intake"),
        (["engage"], "touchline-engage"),
        (["intake", "store"], "touchline-intake-store"),
    ],
)
def test_each_choice_of_stages_has_its_own_group(stages: Sequence[str], group: str) -> None:
    assert group_of(read_settings(), stages) == group


def test_prefix_applies_to_every_topic() -> None:
    settings = read_settings(topic_prefix="eu.", raw_partitions=3, activity_partitions=5, raw_retention_days=2)
    topics = topics_of(settings)
    made = {topic.name: topic for topic in topics.all()}
    assert all(name.startswith("eu.") for name in made)
    assert made["eu.calls"].partitions == 3
    assert made["eu.calls"].config["retention.ms"] == str(2 * 86_400_000)
    assert {made[name].partitions for name in (topics.activity, topics.states, topics.seen, topics.profiles)} == {5}
