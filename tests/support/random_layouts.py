"""Random layouts of a form: the published ways mixed, with the words of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable

from drawn_gallery import LABELS, Layout
from hypothesis import strategies as st

from workbook_tools.legacy.words.vocabulary import default_vocabulary

COLUMNS = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
EXTRA = ("note", "other", "method", "completion")
TERMS = {
    "columns": (
        "level1",
        "level2",
        "name",
        "target",
        "actual",
        "weight",
        "score",
        "reason",
        "sign",
        "unit",
        "completion",
        "serial",
        "method",
    ),
    "measures": ("initial_budget", "annual_budget", "received", "executed", "rate"),
    "head": ("project", "department"),
}
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in "()%:,0123456789ABab"}

SPACINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: " ".join(text),
    lambda text: "\n".join(text),
    lambda text: f"  {text[:2]}\n{text[2:]} ",
    lambda text: "\u3000".join(text),
    lambda text: text if text.endswith("：") else f"{text}：",
    lambda text: f"{text[:1]} {text[1:]}".translate(FULL_WIDTH) + "\u200b",
)


def synonyms(table: str, name: str) -> list[str]:
    """How forms say it; what counts only as a whole label is whole here."""
    return [word.removeprefix("=") for word in default_vocabulary().tables[table][name]]


@st.composite
def labels(draw: st.DrawFn) -> dict[str, str]:
    """Every label exchanged for one of its synonyms."""
    chosen = {}
    for table, names in TERMS.items():
        for name in names:
            chosen[name] = draw(st.sampled_from([LABELS[name], *synonyms(table, name)]))
    return chosen


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """A layout of any kind in which every value has its place."""
    own_columns = draw(st.sampled_from([(), ("sign", "unit"), ("sign",), ("unit",)]))
    extra = draw(st.lists(st.sampled_from(EXTRA), unique=True, max_size=2))
    levels = draw(st.sampled_from(["merged", "blank", "repeated"]))
    grouped = own_columns == ("sign", "unit") and draw(st.booleans())
    columns = draw(st.permutations([*COLUMNS, *(() if grouped else own_columns), *extra]))
    if grouped:
        columns = [part for name in columns for part in (("sign", "target", "unit") if name == "target" else (name,))]
    if draw(st.booleans()):
        columns = ["serial", *columns]
    unit = "column" if "unit" in own_columns else draw(st.sampled_from(["glued", "name"]))
    glued = st.sampled_from(["glued", "words", "ascii", "lookalike"])
    return Layout(
        columns=tuple(columns),
        labels=draw(labels()),
        head=draw(st.sampled_from(["pairs", "inline", "rows"])),
        levels=levels,
        points=draw(st.booleans()),
        sign="column" if "sign" in own_columns else draw(glued),
        unit=unit,
        numbers=draw(st.sampled_from(["number", "text", "padded"])),
        percent="unit" if unit == "column" else draw(st.sampled_from(["text", "fraction"])),
        two_header_rows=grouped,
        header_again=draw(st.sampled_from([0, 0, 3])),
        margin=draw(st.sampled_from(["绩效指标", "", "年度\n绩效\n指标"])),
        funding=draw(st.sampled_from(["rows", "single", "turned", "horizontal"])),
        measures=draw(
            st.sampled_from(
                [
                    ("initial_budget", "annual_budget", "executed"),
                    ("annual_budget", "executed"),
                    ("initial_budget", "annual_budget", "received", "executed"),
                ]
            )
        ),
        points_at=draw(st.sampled_from(["column", "label"])),
        money=draw(st.sampled_from(["万元", "元"])),
        money_in=draw(st.sampled_from(["label", "cells", "title"])),
        total=draw(st.sampled_from(["foot", "head"])),
        template_rows=draw(st.booleans()),
        parts=draw(st.booleans()),
        numbering=draw(st.booleans()),
        start=(draw(st.integers(0, 12)), draw(st.integers(0, 9))),
        wide=tuple(draw(st.sets(st.integers(0, 9), max_size=3))),
        apart=draw(st.booleans()),
        before=draw(st.sampled_from(["", "guide", "empty", "hidden"])),
        spaced=draw(st.sampled_from(SPACINGS)),
    )
