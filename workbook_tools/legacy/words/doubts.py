"""What can fairly be read in two ways, and what an office has said of it once for all forms of one layout.

An answer belongs to a layout: the words of the title, and the labels of the tables with their order and merges, without
figures and without what is filled in. A layout that differs in any of these has no answers and is asked anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """A label of a layout: in which block it stands, its words, and its place there with its spans."""

    block: str
    """标题, 表头, 资金, 小标题, 工作表."""
    words: str
    """As labels are compared, without figures."""
    place: str = ""
    """Row and column within the block, rows and columns covered."""


@dataclass(frozen=True, slots=True)
class FormLayout:
    """What a form looks like, whatever is filled in."""

    cells: tuple[LayoutCell, ...]

    @property
    def digest(self) -> str:
        """Equal for equal layouts alone."""
        text = json.dumps([[c.block, c.words, c.place] for c in self.cells], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def title(self) -> str:
        """Its title's words, or else its first label."""
        return next((cell.words for cell in self.cells if cell.words), "")

    def share_of(self, other: FormLayout) -> float:
        """How much of both is the same: 1 for layouts with the same labels."""
        mine, theirs = ({(cell.block, cell.words) for cell in one.cells} for one in (self, other))
        return len(mine & theirs) / (len(mine | theirs) or 1)

    def tell_difference(self, known: FormLayout) -> str:
        """What of this layout is not as in the ``known`` one, in words; blank where nothing differs."""
        if self == known:
            return ""
        more, fewer = (_list_labels(one, other) for one, other in ((self, known), (known, self)))
        texts = [f"多了{more}" if more else "", f"少了{fewer}" if fewer else ""]
        if any(texts):
            return "，".join(filter(None, texts))
        same_order = [(c.block, c.words) for c in self.cells] == [(c.block, c.words) for c in known.cells]
        return "各栏的位置或合并方式不同" if same_order else "各栏的先后次序不同"


_MOST_LABELS = 4
"""Labels that a difference names at most."""


def _list_labels(one: FormLayout, other: FormLayout) -> str:
    """The labels that one layout has and the other has not."""
    known = {(cell.block, cell.words) for cell in other.cells}
    labels = dict.fromkeys(f"{c.block}“{c.words}”" for c in one.cells if (c.block, c.words) not in known)
    shown = "、".join([*labels][:_MOST_LABELS])
    return f"{shown}等{len(labels)}处" if len(labels) > _MOST_LABELS else shown


@dataclass(frozen=True, slots=True)
class KeptReading:
    """What an office has answered: the reading, who chose it, when, and the file in which it was asked."""

    reading: str
    by: str
    on: str
    file: str = ""
    readings: tuple[str, ...] = ()
    """Those that there were to choose from."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What an office can answer once for all forms of a layout."""

    key: str
    """What is asked, in words that hold for every form of the layout: 这一列是什么：年末落实数."""
    readings: tuple[str, ...]
    """Those to choose from, in a word or two; the one that is taken comes first."""
    layout: FormLayout = field(default_factory=lambda: FormLayout(()))


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """A layout, and what was answered of it, by key of the doubt."""

    layout: FormLayout
    readings: Mapping[str, KeptReading]


@dataclass(frozen=True, slots=True)
class ReadingBook:
    """All answers of an office, by digest of their layout."""

    layouts: Mapping[str, KeptLayout] = field(default_factory=dict)

    def of(self, layout: FormLayout) -> Mapping[str, KeptReading]:
        """The answers for this very layout."""
        kept = self.layouts.get(layout.digest)
        return kept.readings if kept is not None else {}

    def tell_nearest(self, doubt: Doubt) -> str:
        """How the layout of a doubt differs from the most similar one of which the same was answered; blank without one."""
        known = [
            kept
            for kept in self.layouts.values()
            if doubt.key in kept.readings and kept.layout.share_of(doubt.layout) >= _SIMILAR
        ]
        if not known or doubt.layout.digest in self.layouts:
            return ""
        nearest = max(known, key=lambda kept: kept.layout.share_of(doubt.layout))
        file = nearest.readings[doubt.key].file
        return f"与答复过的版式（{file}）不同：{doubt.layout.tell_difference(nearest.layout)}"


# Layouts that have less than half of their labels in common are different forms, of which nobody expects the same answers.
_SIMILAR = 0.5
