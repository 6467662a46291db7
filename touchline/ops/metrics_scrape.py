"""A worker's /metrics as values."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from deploy.ports import LOOPBACK

Sample = tuple[str, dict[str, str], float]  # name, labels, value


def read_samples(port: int) -> list[Sample]:
    """Return all samples of the worker at a port. Raises OSError if none answers."""
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    families = text_string_to_metric_families(text)
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


def samples_if_any(port: int) -> list[Sample]:
    """Return the samples, or none while the worker does not answer because it is being restarted."""
    try:
        return read_samples(port)
    except OSError:
        return []
