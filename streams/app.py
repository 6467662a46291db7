"""`faust -A streams.app worker`: the name that Faust's own command looks for. What the app is made of stands in
`touchline.worker.wiring`.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    # Made when asked for: importing this module must not need a Kafka.
    if name != "app":
        raise AttributeError(name)
    from touchline.worker.start import app_from_environment

    globals()["app"] = made = app_from_environment()
    return made
