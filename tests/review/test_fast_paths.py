"""What is kept from one file to the next changes no result: as read after many others, so a file is read by itself.

The plain path is the same code with nothing kept, and with the values as calamine reads them: every layout drawn, every part parsed
anew, every cell looked at.
"""

from __future__ import annotations

import functools
import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import INDICATORS, KEYS
from damage import operated, workbook
from damage_cells import CELLS
from damage_programs import PROGRAMS
from damage_sheets import SHEETS
from saved_anew import saved_by_excel, saved_by_openpyxl
from surgery import Patient
from tampering import TAMPERING

from workbook_tools.core import recent
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.files.sources import SourceFile
from workbook_tools.form import fields, shapes
from workbook_tools.review.batches import review_files
from workbook_tools.workbooks import known_forms

ISSUED = Path(__file__).parent.parent / "golden" / "issued_v1"
HAND_MADE = Path(__file__).parent.parent / "golden" / "legacy"
EVERY = 5
"""Of the kinds of damage and tampering each of that number is tried here; each has a test of its own for what is found."""


def corpus() -> Iterator[bytes]:
    """Forms as issued, filled, damaged, tampered with, as other programs save them, and made by hand."""
    good = workbook()
    yield from (path.read_bytes() for path in sorted(ISSUED.glob("*.xlsx")))
    yield from (good, workbook(code="P002", name="另一个项目"), workbook(answers=None))
    yield from (operated(saved_by_excel)(good), saved_by_openpyxl(good), operated(make_ones_true)(good))
    for kind in [*CELLS, *SHEETS, *PROGRAMS][::EVERY]:
        if not kind.marks:
            yield from kind.files(good).values()
    yield from (operated(kind.change)(good) for kind in TAMPERING[::EVERY])
    for number in range(3):  # of all three the shape is another one, most sheets and rows are the same
        own = workbook(code=f"P01{number}", indicators=INDICATORS[number:], name=f"自拟指标的项目{number}")
        yield from (own, operated(TAMPERING[EVERY * number].change)(own), operated(type_a_formula)(own))
    yield from (path.read_bytes() for path in sorted(HAND_MADE.glob("*.xlsx"))[::EVERY])


def make_ones_true(patient: Patient) -> None:
    """Of every number 1 on the printed form a truth value: to Python the two are equal."""
    one = re.compile(r'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)><v>1</v>')
    patient.rewrite("xl/worksheets/sheet4.xml", lambda xml: one.sub(r'\1 t="b"><v>1</v>', xml))


def type_a_formula(patient: Patient) -> None:
    """Into the first number of the printed form."""
    number = re.compile(r'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?>)<v>')
    patient.rewrite("xl/worksheets/sheet4.xml", lambda xml: number.sub(r"\1<f>1+1</f><v>", xml, count=1))


def outcome(path: Path) -> tuple[Any, ...]:
    return tuple(
        (item.findings, item.project, item.indicators, item.runs, item.content, item.answers, item.seal)
        for item in review_files([SourceFile(path, path.name)], KEYS)
    )


def forget() -> None:
    """Nothing is kept of what was read."""
    recent.forget_all()
    fields._WRITTEN.clear()
    for one in find_caches():
        one.cache_clear()


@functools.cache
def find_caches() -> list[Any]:
    """What functions of the room ``excel`` keep: looked for once, among millions of objects."""
    wrapped = (one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper))
    return [one for one in wrapped if one.__module__.startswith("workbook_tools.excel")]


def test_a_file_gives_the_same_after_others_as_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = []
    for number, data in enumerate(corpus()):
        files.append(tmp_path / f"{number}.xlsx")
        files[-1].write_bytes(data)
    assert len(files) > 60
    alone = []
    with monkeypatch.context() as plain:
        plain.setattr(RawWorkbook, "contents", lambda *_: None)
        for path in files:
            forget()
            alone.append(outcome(path))
    bound = shapes._SHAPES.bound
    for _ in range(2):
        together = [outcome(path) for path in files]
        assert [path.name for path, one, other in zip(files, alone, together, strict=True) if one != other] == []
    assert shapes._SHAPES.bound - bound > len(files)


def test_a_form_whose_texts_are_in_dark_runs_is_known_once_it_was_seen_twice(tmp_path: Path) -> None:
    path = tmp_path / "如 LibreOffice 另存.xlsx"
    path.write_bytes(operated(write_in_runs)(workbook()))
    forget()
    assert outcome(path) == outcome(path)
    assert known_forms.KNOWN_SHEETS.things


def write_in_runs(patient: Patient) -> None:
    """Texts in two runs in the ink of their cell, as LibreOffice writes most."""
    text = re.compile(r"<si><t( [^>]*)?>(.)([^<]+)</t></si>", re.DOTALL)
    ink = '<rPr><sz val="11"/><color rgb="FF1F1F1F"/></rPr>'
    run = f'<r>{ink}<t xml:space="preserve">'
    split = rf"<si>{run}\2</t></r>{run}\3</t></r></si>"
    patient.rewrite("xl/sharedStrings.xml", lambda xml: text.sub(split, xml))
