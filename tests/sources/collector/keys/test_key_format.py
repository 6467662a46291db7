"""Write keys have a form by which a mistyped one is recognised."""

import hashlib
from base64 import b32encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.keys.key_format import RANDOM_BYTES, hash_key, is_well_formed, key_id_of, make_key, new_key

KEY = make_key(bytes(range(RANDOM_BYTES)))


def test_new_keys_are_well_formed_and_differ() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(is_well_formed(key) for key in keys)


def test_a_key_contains_at_least_160_random_bits() -> None:
    assert RANDOM_BYTES * 8 >= 160


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES))
def test_a_key_needs_no_escape_in_a_url(random: bytes) -> None:
    key = make_key(random)
    assert quote(key, safe="") == key
    assert is_well_formed(key)


@given(at=st.integers(min_value=3, max_value=len(KEY) - 1), sign=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_wrong_character_is_recognised(at: int, sign: str) -> None:
    typed = KEY[:at] + sign + KEY[at + 1 :]
    assert is_well_formed(typed) is (typed == KEY)


@given(at=st.integers(min_value=3, max_value=len(KEY) - 2))
def test_two_swapped_characters_are_recognised(at: int) -> None:
    typed = KEY[:at] + KEY[at + 1] + KEY[at] + KEY[at + 2 :]
    assert is_well_formed(typed) is (typed == KEY)


@pytest.mark.parametrize(
    "text", ["", "tl_", KEY[:-1], KEY + "a", KEY.upper(), KEY.removeprefix("tl_"), f" {KEY}", f"{KEY}\n", "shop-web"]
)
def test_other_texts_are_not_well_formed(text: str) -> None:
    assert not is_well_formed(text)


def test_the_hash_is_sha_256() -> None:
    assert hash_key(KEY) == hashlib.sha256(KEY.encode()).digest()


@given(st.text(st.characters(codec=None), max_size=50))
def test_any_text_can_be_hashed(text: str) -> None:
    assert len(hash_key(text)) == 32


def test_an_id_names_a_key_and_contains_no_part_of_it_or_of_its_hash() -> None:
    key_id = key_id_of(hash_key(KEY))
    assert key_id == key_id_of(hash_key(KEY))
    assert key_id != key_id_of(hash_key(new_key()))
    assert len(key_id) == 10
    assert key_id not in KEY
    assert key_id not in b32encode(hash_key(KEY)).decode().lower()
