"""The only door to matplotlib: bar charts for print, as PNG.

Made for black-and-white paper: dark bars on white, the number at each bar. The same figures give the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FONTS = (
    "SimHei", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Heiti SC", "STHeiti", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "FangSong", "KaiTi", "SimSun", "Songti SC",
    "Noto Serif CJK SC", "Noto Sans CJK JP",
)  # fmt: skip
"""Fonts with Chinese characters, the best for a chart first."""
WIDTH = 150.0
"""Width of a chart in mm."""
_DPI = 200
_INK, _BAR = "#000000", "#595959"
_POINTS = 10.5
"""Font size (五号)."""
_HEIGHT = 55.0
_ROW, _AROUND = 8.0, 6.0
"""Height of a lying bar and of what is around all of them, in mm."""
_MILLIMETRES = 25.4
_LONGEST = 16
"""Characters of a name beside a lying bar; a longer one is shortened."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how long it is, and what is printed at its end."""

    name: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart; lengths in mm."""

    png: bytes
    width: float
    height: float


@cache
def why_not() -> str:
    """Why no charts can be drawn on this machine, as a sentence for the user; nothing where they can."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return "没有安装画图用的 matplotlib，请运行 pip install matplotlib，再出一次报告"
    if not _fonts():
        return f"这台电脑上没有找到中文字体，请安装一种（如{'、'.join(FONTS[:3])}），再出一次报告"
    return ""


def standing_bars(bars: Sequence[Bar]) -> Chart | None:
    """A chart of columns; ``None`` where :func:`why_not` says why."""
    return _drawn(bars, _HEIGHT, lying=False)


def lying_bars(bars: Sequence[Bar]) -> Chart | None:
    """A chart of bars from the left, the first on top; ``None`` where :func:`why_not` says why."""
    return _drawn(bars, _AROUND + _ROW * len(bars), lying=True)


@cache
def _fonts() -> tuple[str, ...]:
    """The fonts of :data:`FONTS` that are here."""
    from matplotlib import font_manager

    manager = font_manager.fontManager

    def here() -> tuple[str, ...]:
        names = {font.name for font in manager.ttflist if font.name in FONTS and Path(font.fname).is_file()}
        return tuple(name for name in FONTS if name in names)

    if not here():
        # matplotlib remembers the fonts of the day it was first used: look for those that came later.
        for path in set(font_manager.findSystemFonts()) - {font.fname for font in manager.ttflist}:
            with suppress(Exception):  # a damaged font file
                manager.addfont(path)
    return here()


def _drawn(bars: Sequence[Bar], height: float, *, lying: bool) -> Chart | None:
    if why_not():
        return None
    import matplotlib
    from matplotlib.figure import Figure

    target = io.BytesIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        # A character that no font has is drawn as a box; nobody needs to be told on the console.
        warnings.simplefilter("ignore", UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({
            "font.family": list(_fonts()), "font.size": _POINTS, "text.parse_math": False, "text.color": _INK,
        })  # fmt: skip
        figure = Figure(figsize=(WIDTH / _MILLIMETRES, height / _MILLIMETRES), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        (_lying if lying else _standing)(axes, bars)
        figure.savefig(target, format="png", dpi=_DPI, metadata={"Software": None})
    return Chart(target.getvalue(), WIDTH, height)


def _standing(axes: Any, bars: Sequence[Bar]) -> None:
    drawn = axes.bar(range(len(bars)), [bar.value for bar in bars], width=0.5, color=_BAR, zorder=2)
    axes.bar_label(drawn, [bar.text for bar in bars], padding=2)
    axes.set_xticks(range(len(bars)), [bar.name for bar in bars])
    axes.set_ylim(0, _longest(bars) * 1.15)
    axes.set_xlim(-0.6, len(bars) - 0.4)
    axes.set_yticks([])
    _frame(axes, "bottom")


def _lying(axes: Any, bars: Sequence[Bar]) -> None:
    drawn = axes.barh(range(len(bars)), [bar.value for bar in bars], height=0.55, color=_BAR, zorder=2)
    axes.bar_label(drawn, [bar.text for bar in bars], padding=3)
    axes.set_yticks(range(len(bars)), [_short(bar.name) for bar in bars])
    axes.set_xlim(0, _longest(bars) * 1.15)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xticks([])
    _frame(axes, "left")


def _longest(bars: Sequence[Bar]) -> float:
    return max((bar.value for bar in bars), default=0) or 1.0


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _frame(axes: Any, kept: str) -> None:
    """Only the line that the bars stand on."""
    for side, line in axes.spines.items():
        line.set_visible(side == kept)
        line.set_color(_INK)
    axes.tick_params(length=0)
