"""What every change is tried with, and what only the long run is: ``WBT_LONG=1``, many minutes long."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

Value = TypeVar("Value")
LONG = os.environ.get("WBT_LONG") == "1"
"""This is the long run; else samples are tried, the same each time."""


def thin(values: Iterable[Value], every: int = 2) -> list[Value]:
    """All in the long run; else one in so many, the first among them."""
    return [*values][:: 1 if LONG else every]
