"""Which internals of Faust, aiokafka and others Touchline overrides, replaces or reads, found in its own code.

Two things are searched for in every product module: methods that a class of ours overrides in a class of a library, and
private names (`_fetcher`) that are read or set on a library's object.
"""

import ast
import hashlib
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, version
from types import ModuleType
from typing import Any, Final

from tests.house.files import PACKAGES

LIBRARIES: Final = ("aiokafka", "chdb", "faust", "kafka", "mode", "uvicorn")
_IMPORT: Final = re.compile(rf"^(?:import|from) (?:{'|'.join(LIBRARIES)})\b", re.MULTILINE)
_STARTS_A_PROCESS: Final = {"streams.app"}


@cache
def product_modules() -> tuple[ModuleType, ...]:
    """Return all product modules that can be imported without starting anything."""
    names = [
        found.name
        for package in PACKAGES
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    ]
    wanted = [name for name in names if not name.endswith("__main__") and name not in _STARTS_A_PROCESS]
    return tuple(importlib.import_module(name) for name in wanted)


def _from_library(cls: type) -> bool:
    return cls.__module__.partition(".")[0] in LIBRARIES


def library_classes() -> Iterator[tuple[type, list[type]]]:
    """Yield each class of ours that has base classes of a library, with those."""
    for module in product_modules():
        for cls in vars(module).values():
            if inspect.isclass(cls) and cls.__module__ == module.__name__:
                bases = [base for base in cls.__mro__[1:] if _from_library(base)]
                if bases:
                    yield cls, bases


@cache
def overrides() -> dict[str, str]:
    """Return the methods of libraries that we override, by dotted path: the module of ours that does it."""
    found = {}
    for cls, bases in library_classes():
        for name in vars(cls):
            base = next((base for base in bases if name in vars(base)), None)
            if base is not None and inspect.isroutine(vars(base)[name]):
                found[f"{base.__module__}.{base.__qualname__}.{name}"] = cls.__module__
    return found


@cache
def private_names() -> dict[str, str]:
    """Return the private names that are used on another object than `self`, or on `self` where a library defines them.

    Looked for in modules that import a library; by name: the module of ours that uses it.
    """
    found = {}
    for module in product_modules():
        source = inspect.getsource(module)
        if _IMPORT.search(source):
            for owner, name in _private_attributes(source):
                if owner not in {"self", "cls"}:
                    found[name] = module.__name__
    for cls, bases in library_classes():
        for owner, name in _private_attributes(textwrap.dedent(inspect.getsource(cls))):
            if owner == "self" and any(hasattr(base, name) or _assigns(base, name) for base in bases):
                found[name] = cls.__module__
    return found


def _private_attributes(source: str) -> Iterator[tuple[str, str]]:
    """Yield the expression before the dot and the name, for each attribute with one leading underscore."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            yield ast.unparse(node.value), node.attr


def _assigns(cls: type, name: str) -> bool:
    return f"self.{name} = " in _source(cls)


@cache
def _source(cls: type) -> str:
    return inspect.getsource(cls)


def resolve(path: str) -> Any:
    """Return what a dotted path names, such as `faust.app.base.App.on_stop`. Raises AttributeError."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = inspect.getattr_static(found, part)
        return found
    raise AttributeError(path)


def fingerprint(path: str) -> str:
    """Return a hash of the source of what a path names; the library's version where there is no Python source."""
    found = resolve(path)
    found = getattr(found, "fget", None) or inspect.unwrap(found) if not inspect.isclass(found) else found
    try:
        source = textwrap.dedent(inspect.getsource(found))
    except (OSError, TypeError):
        return version_of(path)
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def version_of(path: str) -> str:
    """Return distribution and version that a path belongs to, such as `aiokafka 0.14.0`."""
    distribution = packages_distributions()[path.partition(".")[0]][0]
    return f"{distribution} {version(distribution)}"
