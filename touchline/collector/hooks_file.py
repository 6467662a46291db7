"""The file of webhooks (TOUCHLINE_HOOKS): which sources there are, with their secrets and options.

    public_url = "https://touch.example.org"

    [hooks.shop]
    provider = "sendgrid"
    secrets = ["MFkwEwYHKoZIzj0CAQ..."]

All errors are reported at once, each with its line and what to do, and none with a secret.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from re import compile as pattern
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from schemas.identifiers.identifier import is_name
from schemas.raw_touch import LONGEST_ID
from sources.hooks import PROVIDERS
from sources.hooks.mapped_request import Hook
from sources.hooks.provider import HookSource, Provider
from streams.rules.toml_lines import Lines, scan
from touchline.errors import CliError
from touchline.settings import Settings

DEFAULT_NAME: Final = "hooks.toml"  # in the data folder
_KEYS: Final = ("provider", "secrets", "secrets_file", "tenant", "label", "options")
_NAME: Final = pattern("[a-z0-9_-]{1,64}")


class HooksFile(NamedTuple):
    """The content of a file of webhooks: by provider and source, and the public address of the collector."""

    hooks: Mapping[tuple[str, str], Hook]
    public_url: str = ""


def hooks_path(settings: Settings) -> Path | None:
    """Return the path of the file, None if none is set and the data folder has none."""
    if settings.hooks is not None:
        return settings.folder / settings.hooks.expanduser()
    default = settings.folder / DEFAULT_NAME
    return default if default.is_file() else None


def read_hooks(settings: Settings) -> HooksFile:
    """Return what is configured. Raises CliError with a line for each error."""
    path = hooks_path(settings)
    if path is None:
        return HooksFile({})
    text = _read(path, f"correct the file, or its name in TOUCHLINE_HOOKS ({path})")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CliError(f"{path}: {error}; correct the TOML.") from None
    reader = _Reader(path, scan(text))
    found = reader.read(document)
    if reader.errors:
        raise CliError("\n".join(reader.errors))
    return found


def _read(path: Path, remedy: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise CliError(f"{path} cannot be read ({why}): {remedy}.") from None


class _Reader:
    """Reads one document and gathers its errors."""

    def __init__(self, path: Path, lines: Lines) -> None:
        self.errors: list[str] = []
        self._path = path
        self._lines = lines

    def _refuse(self, where: tuple[str, ...], what: str) -> None:
        line = self._lines.of(None, *where)
        self.errors.append(f"{self._path}:{line}: {'.'.join(where)}: {what}.")

    def read(self, document: Mapping[str, object]) -> HooksFile:
        """Return the content; what is wrong is left out."""
        for name in document.keys() - {"public_url", "hooks"}:
            self._refuse((name,), "is unknown; the file has public_url and tables [hooks.SOURCE]")
        public_url = self._public_url(document.get("public_url", ""))
        tables = document.get("hooks", {})
        if not isinstance(tables, dict):
            self._refuse(("hooks",), "write a table [hooks.SOURCE] for each source")
            tables = {}
        found = (self._hook(name, table, public_url) for name, table in tables.items())
        return HooksFile({(hook.provider.name, hook.source.name): hook for hook in found if hook}, public_url)

    def _public_url(self, value: object) -> str:
        parts = urlsplit(value) if isinstance(value, str) else None
        if value and not (parts and parts.scheme in ("http", "https") and parts.netloc and not parts.query):
            self._refuse(("public_url",), "give the address that providers call, such as https://touch.example.org")
            return ""
        return str(value).rstrip("/")

    def _hook(self, name: str, table: object, public_url: str) -> Hook | None:
        where = ("hooks", name)
        if not _NAME.fullmatch(name):
            self._refuse(where, "a source is 1 to 64 of a-z, 0-9, _ and -")
        if not isinstance(table, dict):
            self._refuse(where, f"write a table [hooks.{name}]")
            return None
        for key in table.keys() - set(_KEYS):
            self._refuse((*where, key), f"is unknown; a source has {', '.join(_KEYS)}")
        provider = self._provider(where, table.get("provider"))
        if provider is None:
            return None
        if provider.signs_url and not public_url:
            self._refuse(where, f"{provider.name} signs the address that it calls: set public_url above all tables")
        tenant, label = table.get("tenant", "main"), table.get("label", name)
        if not (isinstance(tenant, str) and is_name(tenant)):
            self._refuse((*where, "tenant"), "a tenant is 1 to 64 of a-z, 0-9, _ and -")
        if not (isinstance(label, str) and 0 < len(label) <= LONGEST_ID and label.isprintable()):
            self._refuse((*where, "label"), f"give 1 to {LONGEST_ID} printable characters")
        errors = len(self.errors)
        secrets = self._secrets(where, table, provider)
        options = self._options(where, table.get("options", {}), provider)
        source = HookSource(provider.name, name, secrets, options)
        if len(self.errors) == errors and (wrong := provider.check(source)):
            self._refuse((*where, "options"), wrong)
        return Hook(provider, source, str(tenant), str(label))

    def _provider(self, where: tuple[str, ...], name: object) -> Provider | None:
        provider = PROVIDERS.get(name) if isinstance(name, str) else None
        if provider is None:
            close = get_close_matches(str(name), PROVIDERS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"choose one of {', '.join(sorted(PROVIDERS))}"
            self._refuse((*where, "provider"), f"there is no such provider; {hint}")
        return provider

    def _secrets(self, where: tuple[str, ...], table: Mapping[str, object], provider: Provider) -> tuple[str, ...]:
        """Return the secrets of both keys. A file has one secret on each line."""
        given = table.get("secrets", [])
        if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
            self._refuse((*where, "secrets"), "write a list of texts that are not empty")
            return ()
        name = table.get("secrets_file", "")
        if not isinstance(name, str):
            self._refuse((*where, "secrets_file"), "name a file")
            return ()
        if name:
            given = [*given, *(line.strip() for line in self._file((*where, "secrets_file"), name).splitlines())]
        secrets = tuple(one for one in given if one)
        if provider.needs_secret and not secrets:
            self._refuse(where, "has no secret, so anyone could send to it: set secrets or secrets_file")
        return secrets

    def _options(self, where: tuple[str, ...], table: object, provider: Provider) -> dict[str, str]:
        if not isinstance(table, dict):
            self._refuse((*where, "options"), f"write a table [{'.'.join(where)}.options]")
            return {}
        found: dict[str, str] = {}
        for name, value in table.items():
            here = (*where, "options", name)
            texts = value if isinstance(value, list) else [value]
            if name not in provider.options:
                known = f"it has {', '.join(provider.options)}" if provider.options else "it has none"
                self._refuse(here, f"is no option of {provider.name}; {known}")
            elif not all(isinstance(one, str) for one in texts):
                self._refuse(here, "write a text or a list of texts")
            elif name in provider.file_options and str(value).endswith(".toml"):
                found[name] = self._file(here, str(value))
            else:
                found[name] = ",".join(texts)
        return found

    def _file(self, where: tuple[str, ...], name: str) -> str:
        """Return the text of a file, whose name is relative to this one."""
        path = self._path.parent / Path(name).expanduser()
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
            self._refuse(where, f"{path} cannot be read ({why}); correct its name")
            return ""
