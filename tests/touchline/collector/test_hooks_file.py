"""The file of webhooks: what it configures, and each error with its line."""

from pathlib import Path

import pytest

from sources.hooks.provider import HookSource, Provider, Verdict
from touchline.collector import hooks_file
from touchline.collector.hooks_file import HooksFile, hooks_path, read_hooks
from touchline.errors import CliError
from touchline.settings import read_settings

ACME = Provider(
    "acme",
    lambda request, source: Verdict.GENUINE,
    lambda request, source: (),
    options=("token", "mapping"),
    file_options=("mapping",),
    check=lambda source: "the token is short" if source.options.get("token") == "x" else "",
)
SIGNER = ACME._replace(name="signer", signs_url=True, needs_secret=False, options=())


@pytest.fixture(autouse=True)
def _providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks_file, "PROVIDERS", {"acme": ACME, "signer": SIGNER})


def read(folder: Path, text: str) -> HooksFile:
    (folder / "hooks.toml").write_text(text)
    return read_hooks(read_settings(data=str(folder)))


def test_without_a_file_nothing_is_configured(tmp_path: Path) -> None:
    assert read_hooks(read_settings(data=str(tmp_path))) == HooksFile({})


def test_a_source_has_secrets_of_both_keys_and_options(tmp_path: Path) -> None:
    (tmp_path / "secrets.txt").write_text("s2\n\n s3 \n")
    (tmp_path / "map.toml").write_text("x = 1")
    found = read(
        tmp_path,
        """
        public_url = "https://touch.example.org/"
        [hooks.shop]
        provider = "acme"
        secrets = ["s1"]
        secrets_file = "secrets.txt"
        [hooks.shop.options]
        token = ["a", "b"]
        mapping = "map.toml"
        [hooks.desk]
        provider = "signer"
        tenant = "acme"
        label = "Help desk"
        """,
    )
    assert found.public_url == "https://touch.example.org"
    shop, desk = found.hooks["acme", "shop"], found.hooks["signer", "desk"]
    assert shop.source == HookSource("acme", "shop", ("s1", "s2", "s3"), {"token": "a,b", "mapping": "x = 1"})
    assert (shop.tenant, shop.label) == ("main", "shop")
    assert (desk.tenant, desk.label, desk.source.secrets) == ("acme", "Help desk", ())


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("publik_url = 'x'", ":1: publik_url: is unknown"),
        ("public_url = 'touch.example.org'", ":1: public_url: give the address"),
        ("hooks = 1", ":1: hooks: write a table"),
        ("hooks.shop = 1", ":1: hooks.shop: write a table [hooks.shop]"),
        ("[hooks.Shop]\nprovider = 'acme'\nsecrets = ['s']", ":1: hooks.Shop: a source is 1 to 64"),
        ("[hooks.shop]\nprovider = 'acmee'", ":2: hooks.shop.provider: there is no such provider; did you mean acme?"),
        ("[hooks.shop]\nprovider = 'zzz'", ":2: hooks.shop.provider: there is no such provider; choose one of acme,"),
        ("[hooks.shop]\nsecrets = ['s']", ":1: hooks.shop.provider: there is no such provider"),
        ("[hooks.shop]\nprovider = 'acme'", ":1: hooks.shop: has no secret, so anyone could send"),
        ("[hooks.shop]\nprovider = 'acme'\nsecrets = 's'", ":3: hooks.shop.secrets: write a list"),
        ("[hooks.shop]\nprovider = 'acme'\nsecrets = [' ']", ":3: hooks.shop.secrets: write a list"),
        ("[hooks.shop]\nprovider = 'acme'\nsecrets_file = 'no'", ":3: hooks.shop.secrets_file: "),
        ("[hooks.shop]\nprovider = 'acme'\nsecret = 's'\nsecrets = ['s']", ":3: hooks.shop.secret: is unknown"),
        ("[hooks.shop]\nprovider = 'acme'\nsecrets = ['s']\ntenant = 'A B'", ":4: hooks.shop.tenant: a tenant"),
        ("[hooks.shop]\nprovider = 'acme'\nsecrets = ['s']\nlabel = ''", ":4: hooks.shop.label: give 1 to 200"),
        ("[hooks.shop]\nprovider = 'signer'", ":1: hooks.shop: signer signs the address that it calls: set public_url"),
        (
            "[hooks.shop]\nprovider = 'acme'\nsecrets = ['s']\n[hooks.shop.options]\ntoken = 'x'",
            ":4: hooks.shop.options: the token is short",
        ),
        (
            "[hooks.shop]\nprovider = 'acme'\nsecrets = ['s']\n[hooks.shop.options]\ntokn = 'x'",
            ":5: hooks.shop.options.tokn: is no option of acme; it has token, mapping",
        ),
        (
            "[hooks.shop]\nprovider = 'acme'\nsecrets = ['s']\n[hooks.shop.options]\nmapping = 'no.toml'",
            ":5: hooks.shop.options.mapping: ",
        ),
        ("[hooks.shop]\nprovider = acme\n", "(at line 2, column 12); correct the TOML"),
    ],
)
def test_each_error_has_its_line_and_no_secret(tmp_path: Path, lines: str, error: str) -> None:
    with pytest.raises(CliError) as refused:
        read(tmp_path, lines)
    assert error in str(refused.value)
    assert "'s'" not in str(refused.value)


def test_all_errors_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(CliError) as refused:
        read(tmp_path, "[hooks.a]\nprovider = 'x'\n[hooks.b]\nprovider = 'acme'\n")
    assert len(str(refused.value).splitlines()) == 2


def test_a_file_that_is_set_has_to_exist(tmp_path: Path) -> None:
    settings = read_settings(data=str(tmp_path), hooks="mine.toml")
    assert hooks_path(settings) == tmp_path / "mine.toml"
    with pytest.raises(CliError, match="TOUCHLINE_HOOKS"):
        read_hooks(settings)
    (tmp_path / "mine.toml").write_bytes(b"\xff")
    with pytest.raises(CliError, match="not UTF-8"):
        read_hooks(settings)
