"""What a worker's /metrics says, as values."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from deploy.ports import LOOPBACK

Sample = tuple[str, dict[str, str], float]  # name, labels, value


def read_samples(port: int) -> list[Sample]:
    """All samples of the worker at a port. Raises OSError if none answers."""
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    families = text_string_to_metric_families(text)
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


def samples_if_any(port: int) -> list[Sample]:
    """The same; none while the worker does not answer, since it is being started again."""
    try:
        return read_samples(port)
    except OSError:
        return []
