"""The app that `faust -A streams.app worker` looks for; `touchline.worker.wiring` describes its parts."""

from typing import Any

from mode.utils.imports import symbol_by_name


def __getattr__(name: str) -> Any:
    # The app is made on first access, because importing this module must not need a Kafka. It is found by name, as
    # Faust finds this module: the packages of `streams` import nothing of `touchline`.
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = made = symbol_by_name("touchline.worker.start:app_from_environment")()
    return made
