from dashboards.api.security.profile_keys import ProfileKeys

KEYS = ProfileKeys(b"s" * 32)


def test_a_key_is_read_with_its_secret_and_tenant_alone() -> None:
    key = KEYS.key_of("main", "email:a@example.org")
    assert KEYS.profile_of("main", key) == "email:a@example.org"
    assert KEYS.profile_of("other", key) is None
    assert ProfileKeys(b"t" * 32).profile_of("main", key) is None
    assert KEYS.key_of("main", "email:a@example.org") == key
    assert "example" not in key


def test_nonsense_is_no_key() -> None:
    for text in ("", "x", "é", "a" * 5_000, "====", KEYS.key_of("main", "a")[:-2]):
        assert KEYS.profile_of("main", text) is None
