"""Rounding as spreadsheets do it: half away from zero, on the decimal value of 15 significant digits.

Python's ``round`` differs on one row in a thousand, exact ``Decimal`` arithmetic on rare rows too.
"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any

from workbook_tools.core.faces import LateModule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    """A column of values."""
else:
    np, Array = LateModule("numpy"), Any
_MODES = {"ROUND": ROUND_HALF_UP, "ROUNDDOWN": ROUND_DOWN, "ROUNDUP": ROUND_UP}
_SURE = 1e9
"""Scaled numbers above this take the slow way: below it, 15 significant digits tell steps of 1e-6 …"""
_MOST_DIGITS = 9
_NEAR = 1e-4
"""… so that what is further than this from a tie or a whole number (a hundred such steps) is rounded right at once."""


def excel_round(x: float, digits: int, function: str = "ROUND") -> float:
    """``ROUND``, ``ROUNDDOWN`` or ``ROUNDUP`` as spreadsheets do it: on the value of 15 significant digits.

    >>> excel_round(1.005, 2), round(1.005, 2)
    (1.01, 1.0)
    >>> excel_round(0.29 * 100, 0, "ROUNDDOWN")
    29.0
    """
    if function == "ROUND" and 0 <= digits <= _MOST_DIGITS:
        scale = 10.0**digits
        scaled = abs(x) * scale
        part = scaled % 1.0
        if scaled < _SURE and abs(part - 0.5) >= _NEAR:
            return math.copysign((scaled - part + (part > 0.5)) / scale, x)
    shown = Decimal(f"{x:.15g}")
    if int(shown.as_tuple().exponent) >= -digits:
        return float(shown)
    return float(shown.quantize(Decimal(1).scaleb(-digits), rounding=_MODES[function]))


def round_array(x: Array, digits: int, function: str = "ROUND") -> Array:
    """:func:`excel_round` for a column; only values near a tie (or a whole number) take the slow way."""
    scale = 10.0**digits
    scaled = np.abs(x) * scale
    floor = np.floor(scaled)
    part = scaled - floor
    with np.errstate(invalid="ignore"):
        if function == "ROUND":
            whole, near = np.where(part >= 0.5, floor + 1, floor), np.abs(part - 0.5) < _NEAR
        else:
            near = (part < _NEAR) | (part > 1 - _NEAR)
            whole = floor if function == "ROUNDDOWN" else np.ceil(scaled)
        slow = ((near & (part != 0)) | (scaled > _SURE)) & np.isfinite(x)
    result = np.copysign(whole / scale, x)
    for i in np.flatnonzero(slow):
        result[i] = excel_round(float(x[i]), digits, function)
    return result + 0.0  # no negative zero
