"""The comparison in README has the figures of the last benchmark."""

import json

from tests.docs.pages import ROOT, text_of


def test_comparison_is_that_of_the_benchmark() -> None:
    comparison = json.loads((ROOT / "docs/benchmarks/bench.json").read_text(encoding="utf-8"))["comparison"]
    ratios = {name: peer["ratio"] for name, peer in comparison["peers"].items()}
    assert (
        f"in our benchmark Touchline does {comparison['touchline']['events_per_cpu_s']:,.0f}, "
        f"which is {ratios['faust']:.1f} times what stock Faust does, "
        f"but only {ratios['quix']:.2f} times Quix Streams and {ratios['bytewax']:.2f} times Bytewax."
    ) in " ".join(text_of("README.md").split())
