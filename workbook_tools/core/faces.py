"""The face of a room: what every face takes, and how it is shown.

Nothing behind a face is loaded before it is used: a module is imported when one of its names is first asked for. So
``import workbook_tools.campaign`` costs nothing; the room's ``__init__`` says (PEP 562)::

    if TYPE_CHECKING:
        from workbook_tools.campaign.folder import Campaign as Campaign
    else:
        __getattr__ = load_when_asked(__name__, {"Campaign": "folder"})
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from os import PathLike
from typing import TypeVar

T = TypeVar("T")
AnyPath = str | PathLike[str]
"""A file or folder as a face takes it."""
Watch = Callable[[int, int], object]
"""Hears from a face how many of how many are done."""


def load_when_asked(room: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of the package ``room``: ``names`` says which of its modules holds what it shows."""

    def find(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{room}.{names[name]}"), name)
        setattr(sys.modules[room], name, found)
        return found

    return find


class LateModule:
    """Stands for a module that takes long to load and that many callers never use; it is loaded at its first use::

        if TYPE_CHECKING:
            import numpy as np
        else:
            np = LateModule("numpy")

    Modules that say what is to be drawn import those that draw it in this way.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        module = sys.modules.get(self._name) or import_module(self._name)
        found: object = getattr(module, attribute)
        return found


def collect(items: Iterable[T], total: int, watch: Watch | None) -> list[T]:
    """The items in a list; after each of them ``watch`` hears how many of ``total`` there are by then."""
    made: list[T] = []
    for item in items:
        made.append(item)
        if watch:
            watch(len(made), total)
    return made
