"""What holds for every adapter of a webhook, shown with its samples."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from sources.collected import Collected
from sources.hooks import PROVIDERS
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Unmappable, Verdict
from tests.house.files import ROOT
from tests.scale import scaled
from tests.sources.hooks.webhooks import (
    NOW_MS,
    OTHER_SECRET,
    SECRET,
    Sample,
    Webhooks,
    body_of,
    encode_json,
    mapped,
    request_of,
    source_of,
    webhooks_of,
)

NAMES = sorted(PROVIDERS)
SAMPLES = [(name, sample) for name in NAMES for sample in webhooks_of(name).samples]
each_provider = pytest.mark.parametrize("name", NAMES)
each_sample = pytest.mark.parametrize(
    ("name", "sample"), SAMPLES, ids=[f"{name}: {sample.name}" for name, sample in SAMPLES]
)
_WORDS = st.text(st.characters(exclude_categories=("C",)), max_size=12)
_LEAVES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | _WORDS
_ANY_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_WORDS, inner, max_size=2), max_leaves=4
)


def signed(name: str, sample: Sample, secret: str = SECRET) -> HookRequest:
    return webhooks_of(name).sign(request_of(name, sample), secret)


def verdict(name: str, request: HookRequest, source: HookSource) -> Verdict:
    return PROVIDERS[name].verify(request, source)


def assert_valid(touches: list[Collected] | Unmappable) -> None:
    """Assert that the contract accepts each touch."""
    for channel, touch in [] if isinstance(touches, Unmappable) else touches:
        model = CHANNELS[channel].model_validate_json(encode_json(touch))
        assert model.fields["event_id"]
        assert "source" not in touch, "the settings of the webhook determine it"
        assert "tenant" not in touch


def test_every_adapter_is_in_the_list_and_has_samples() -> None:
    adapters = {
        path.stem for path in (ROOT / "sources/hooks").glob("*.py") if "= Provider(" in path.read_text(encoding="utf-8")
    }
    assert adapters == set(PROVIDERS)
    assert adapters == {path.stem for path in Path(__file__).parent.glob("samples/*.py")}


@each_sample
def test_a_sample_becomes_its_touches(name: str, sample: Sample) -> None:
    touches = mapped(PROVIDERS[name], signed(name, sample), source_of(name, sample))
    assert touches == sample.touches
    assert_valid(touches)


@each_sample
def test_a_repeated_request_becomes_the_same_touches(name: str, sample: Sample) -> None:
    later = webhooks_of(name).sign(request_of(name, sample, NOW_MS + 3_600_000), SECRET)
    assert mapped(PROVIDERS[name], later, source_of(name, sample)) == sample.touches


@each_sample
def test_what_is_kept_of_a_request_is_enough_to_map_it_again(name: str, sample: Sample) -> None:
    kept = PROVIDERS[name].kept_headers
    request = signed(name, sample)
    headers = {header: value for header, value in request.headers.items() if header in kept}
    request = HookRequest("POST", "", {}, headers, PROVIDERS[name].keep(request.body), 0)
    assert mapped(PROVIDERS[name], request, source_of(name, sample)) == sample.touches


@each_sample
def test_a_signed_request_is_genuine_under_any_of_the_secrets(name: str, sample: Sample) -> None:
    request = signed(name, sample)
    for secrets in [(SECRET,), (OTHER_SECRET, SECRET), (SECRET, OTHER_SECRET)]:
        assert verdict(name, request, source_of(name, sample, *secrets)) is Verdict.GENUINE


@each_provider
def test_a_request_without_the_right_secret_is_forged(name: str) -> None:
    sample = webhooks_of(name).samples[0]
    source = source_of(name, sample)
    assert verdict(name, request_of(name, sample), source) is Verdict.FORGED
    assert verdict(name, signed(name, sample, OTHER_SECRET), source) is Verdict.FORGED
    assert verdict(name, signed(name, sample, ""), source._replace(secrets=("",))) is Verdict.FORGED
    if PROVIDERS[name].needs_secret:
        assert verdict(name, signed(name, sample), source._replace(secrets=())) is Verdict.FORGED


@pytest.mark.parametrize("name", [name for name in NAMES if webhooks_of(name).covers_body])
def test_a_changed_body_is_forged(name: str) -> None:
    for sample in webhooks_of(name).samples:
        request = signed(name, sample)
        for at in {0, len(request.body) // 2, len(request.body) - 1}:
            body = bytearray(request.body)
            body[at] ^= 1
            assert verdict(name, request._replace(body=bytes(body)), source_of(name, sample)) is Verdict.FORGED


@each_provider
def test_a_changed_signature_or_time_is_forged(name: str) -> None:
    """A signature may be decoded alike with another last character, so its first is changed."""
    sample = webhooks_of(name).samples[0]
    request, source = signed(name, sample), source_of(name, sample)
    for changed in changed_once(request, request_of(name, sample)):
        assert verdict(name, changed, source) is Verdict.FORGED


def changed_once(request: HookRequest, unsigned: HookRequest) -> Iterator[HookRequest]:
    """Yield the request with one header or query field of its signature changed, or left out."""
    for part in ("headers", "query"):
        given_values: dict[str, str] = dict(getattr(request, part))
        for field, value in given_values.items():
            if field in getattr(unsigned, part):
                continue
            last = len(value) - 1 if value.isdigit() else 0  # the last digit of a time stays within a tolerance
            other = value[:last] + ("1" if value[last] != "1" else "2") + value[last + 1 :]
            yield request._replace(**{part: {**given_values, field: other}})
            yield request._replace(**{part: {**given_values, field: ""}})
            yield request._replace(**{part: {key: kept for key, kept in given_values.items() if key != field}})


@each_provider
def test_a_request_is_stale_only_beyond_the_documented_tolerance(name: str) -> None:
    webhooks = webhooks_of(name)
    sample = webhooks.samples[0]
    source, request = source_of(name, sample), signed(name, sample)
    tolerance_s = webhooks.tolerance_s
    for age_s in [0, 299, 300, 301, 86_400] if tolerance_s is None else [0, tolerance_s, tolerance_s + 1, 86_400]:
        expected = Verdict.GENUINE if tolerance_s is None or age_s <= tolerance_s else Verdict.STALE
        assert verdict(name, request._replace(received_at_ms=NOW_MS + age_s * 1_000), source) is expected
    if tolerance_s is not None:
        early = request._replace(received_at_ms=NOW_MS - (tolerance_s + 1) * 1_000)
        assert verdict(name, early, source) is Verdict.STALE


@pytest.mark.slow
@each_provider
@settings(max_examples=scaled(40))
@given(data=st.data())
def test_no_request_raises(name: str, data: st.DataObject) -> None:
    """Random bytes, and samples with a random part: verified, set up and mapped without an exception.

    Touches of such samples may lack what the contract requires: `map_request` refuses them, and keeps the request.
    """
    provider, webhooks = PROVIDERS[name], webhooks_of(name)
    sample = data.draw(st.sampled_from(webhooks.samples))
    headers = st.dictionaries(st.sampled_from(sorted(_header_names(name, webhooks))), _WORDS)
    bodies = st.binary() | _ANY_JSON.map(encode_json) | st.just(body_of(sample.payload))
    if isinstance(sample.payload, dict):
        bodies |= st.just(encode_json(changed(sample.payload, data)))
    request = request_of(name, sample)._replace(
        method=data.draw(st.sampled_from(["POST", "GET", "HEAD"])),
        query=data.draw(st.dictionaries(st.sampled_from(["hub.mode", "hub.challenge", "code", "token"]), _WORDS)),
        headers={**sample.headers, **data.draw(headers)},
        body=data.draw(bodies),
    )
    source = source_of(name, sample)
    provider.challenge(request, source)
    assert provider.verify(request, source) in Verdict
    mapped(provider, request, source)


def _header_names(name: str, webhooks: Webhooks) -> set[str]:
    return {header for sample in webhooks.samples for header in signed(name, sample).headers} | {"authorization"}


def changed(payload: Any, data: st.DataObject) -> Any:
    """Return a JSON value with a random part replaced by any JSON."""
    if isinstance(payload, dict | list) and payload and data.draw(st.integers(0, 3)):
        at = data.draw(st.sampled_from(sorted(payload) if isinstance(payload, dict) else range(len(payload))))
        copy = payload.copy()
        copy[at] = changed(payload[at], data)
        return copy
    return data.draw(_ANY_JSON)


@given(st.lists(st.tuples(_WORDS, _WORDS), max_size=3))
def test_a_form_of_a_sample_is_its_fields(fields: list[tuple[str, str]]) -> None:
    assert HookRequest("POST", "", {}, {}, body_of(fields), 0).form_fields() == fields or not fields


def test_samples_are_told_apart() -> None:
    names = [(name, sample.name) for name, sample in SAMPLES]
    assert len(set(names)) == len(names)
