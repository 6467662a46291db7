"""The comparison in README has the figures of the last benchmark."""

import json

from tests.benchmarks.page_peers import find_comparison
from tests.docs.pages import ROOT, text_of


def test_comparison_is_that_of_the_benchmark() -> None:
    comparison = find_comparison(json.loads((ROOT / "docs/benchmarks/bench.json").read_text(encoding="utf-8")))
    ratios = {name: f"{peer['ratio']:.2f}" for name, peer in comparison["peers"].items()}
    text = " ".join(text_of("README.md").split())
    assert f"{ratios['quix_whole']} times Quix Streams and {ratios['bytewax_whole']} times Bytewax;" in text
    assert (
        f"{ratios['faust']} times stock Faust, {ratios['quix']} times Quix Streams, {ratios['kafka_streams']} times "
        f"Kafka Streams, {ratios['bytewax']} times Bytewax, {ratios['clickhouse']} times ClickHouse alone."
    ) in text
