"""The face of a room, shown without loading what is behind it: a module is imported when its first name is asked for.

A room's ``__init__`` shows its face so that ``import workbook_tools.campaign`` costs nothing (PEP 562)::

    if TYPE_CHECKING:
        from workbook_tools.campaign.folder import Campaign as Campaign
    else:
        __getattr__ = load_when_asked(__name__, {"Campaign": "folder"})
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def load_when_asked(room: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of the package ``room``: ``names`` says which of its modules holds what it shows."""

    def find(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{room}.{names[name]}"), name)
        setattr(sys.modules[room], name, found)
        return found

    return find
