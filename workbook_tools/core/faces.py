"""The face of a room: what every face takes, and how it is shown.

It is shown without loading what is behind it: a module is imported when its first name is asked for. A room's ``__init__`` shows its face so that ``import workbook_tools.campaign`` costs nothing (PEP 562)::

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
    """A module that takes long to load, in place of its import in a module of which many need only the rest; it is loaded by its first use::

        if TYPE_CHECKING:
            import numpy as np
        else:
            np = LateModule("numpy")

    So stands what draws behind what says what is to be drawn.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        module = sys.modules.get(self._name) or import_module(self._name)
        found: object = getattr(module, attribute)
        return found


def collect(items: Iterable[T], total: int, watch: Watch | None) -> list[T]:
    """The items as they are made, in a list; ``watch`` hears after each how many of ``total`` there are."""
    made: list[T] = []
    for item in items:
        made.append(item)
        if watch:
            watch(len(made), total)
    return made
