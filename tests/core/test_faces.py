"""A room's face loads what is behind it when a name is asked for, and not before."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

ROOMS = ("campaign", "campaign.ledger", "projects", "reports", "results", "returns", "review", "summary")


@pytest.mark.parametrize("room", ROOMS)
def test_looking_at_a_face_loads_nothing_behind_it(room: str) -> None:
    code = f"import sys, workbook_tools.{room}; print(sorted(n for n in sys.modules if n.startswith('workbook_tools.{room}.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_that_no_face_shows_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        import_module("workbook_tools.campaign").Nonsense  # noqa: B018
    with pytest.raises(ImportError):
        from workbook_tools.campaign import Nonsense  # noqa: F401
