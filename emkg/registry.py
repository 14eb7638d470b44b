"""Finds plugins: one module in a folder is one plugin; nothing is listed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import entry_points
from typing import TypeVar

from emkg.errors import PluginError

T = TypeVar("T")


def discover(package: str, kind: type[T]) -> dict[str, T]:
    """Name → instance of each plugin class of ``kind`` in ``package``, then of the entry points of that name.

    A module that fails to import raises PluginError: a plugin is never silently missing. Modules whose name
    starts with ``_`` are not plugins.
    """
    found: dict[str, T] = {}
    folder = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        if not info.name.startswith("_"):
            _register(found, package, info.name, kind, _classes(f"{package}.{info.name}", kind))
    for entry in sorted(entry_points(group=package), key=lambda entry: entry.name):
        _register(found, package, entry.name, kind, [entry.load()])
    return dict(sorted(found.items()))


def _classes(module_name: str, kind: type[T]) -> list[type[T]]:
    try:
        module = importlib.import_module(module_name)
    except ImportError as fault:
        raise PluginError(f"cannot be imported: {fault}", module_name, "mend or remove the file") from fault
    members = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, kind)]
    return [member for member in members if member.__module__ == module_name]


def _register(found: dict[str, T], package: str, module: str, kind: type[T], classes: list[type[T]]) -> None:
    if not classes:
        raise PluginError(
            f"no subclass of {kind.__name__} is defined",
            f"{package}.{module}",
            "define one, or prefix the file's name with _",
        )
    for cls in classes:
        name = getattr(cls, "name", None)
        if not isinstance(name, str):
            raise PluginError(f"{cls.__name__} has no name", f"{package}.{module}", 'add: name = "…"')
        if name in found:
            raise PluginError(f"two plugins are called {name!r}", f"{package}.{module}", "rename one")
        found[name] = cls()
