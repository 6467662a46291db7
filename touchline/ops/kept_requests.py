"""Requests of webhooks outside the collector: those in the quarantine and those in files, mapped by the settings."""

from pathlib import Path

from sources.collector.services import ContractCheck
from sources.hooks import PROVIDERS
from sources.hooks.kept_request import read_kept
from sources.hooks.mapped_request import Hook, MappedRequest, map_request
from sources.hooks.provider import HookSource
from sources.hooks.toml_mapping import OPTION, check_mapping
from touchline.collector.contract_check import contract_check
from touchline.collector.hooks_file import HooksFile, read_hooks
from touchline.errors import CliError, describe_os_error
from touchline.settings import Settings

_WRONG_USE = 2


class RequestMapper:
    """Maps requests by the file of webhooks as it is now. Raises CliError if that has errors."""

    def __init__(self, settings: Settings) -> None:
        self._file: HooksFile = read_hooks(settings)
        self._check: ContractCheck = contract_check(settings)

    def hook(self, provider: str, source: str) -> Hook:
        """Return a configured source; `provider` may be '' if only one has a source of this name.

        Raises CliError if there is none.
        """
        found = [hook for hook in self._file.hooks.values() if hook.source.name == source]
        found = [hook for hook in found if provider in ("", hook.provider.name)]
        if len(found) != 1:
            wanted = f"{provider}/{source}" if provider else source
            raise CliError(f"There is no webhook {wanted} in the file: `touchline hook list` shows all.", code=1)
        return found[0]

    def map(self, hook: Hook, content: bytes, received_at_ms: int) -> MappedRequest:
        """Return the raw messages of a kept request or of a bare body."""
        return map_request(hook, read_kept(content).as_request(received_at_ms), self._check)

    def map_place(self, topic: str, content: bytes, received_at_ms: int) -> MappedRequest:
        """Return the raw messages of a request in the quarantine. `topic`: the first part of its place."""
        _, provider, source = topic.split(".", 2)
        try:
            hook = self.hook(provider, source)
        except CliError as error:
            return MappedRequest((), str(error))
        return self.map(hook, content, received_at_ms)


def hook_for_trial(mapper: RequestMapper, content: bytes, source: str, provider: str, mapping: str) -> Hook:
    """Return the source by whose adapter a file is mapped.

    It is the named one; or one without configuration, if a provider or a mapping is named; or the one that the first
    line of the content names. Raises CliError.
    """
    if mapping or (provider and not source):
        return _unconfigured(provider or "generic", mapping)
    kept = read_kept(content)
    if not source and not kept.source:
        raise CliError("The file is a bare body: say with --source or --provider how it is mapped.", code=_WRONG_USE)
    return mapper.hook(provider or ("" if source else kept.provider), source or kept.source)


def _unconfigured(provider: str, mapping: str) -> Hook:
    if provider not in PROVIDERS:
        raise CliError(f"--provider {provider!r}: there are {', '.join(sorted(PROVIDERS))}.", code=_WRONG_USE)
    options = {}
    if mapping:
        text = read_content(mapping).decode("utf-8", "replace") if mapping.endswith(".toml") else mapping
        if wrong := check_mapping(text):
            raise CliError(f"{mapping}: {wrong}.", code=1)
        options = {OPTION: text}
    return Hook(PROVIDERS[provider], HookSource(provider, "trial", (), options), "main", "trial")


def read_content(path: str) -> bytes:
    """Return the bytes of a file. Raises CliError."""
    try:
        return Path(path).expanduser().read_bytes()
    except OSError as error:
        raise CliError(describe_os_error(error), code=1) from error
