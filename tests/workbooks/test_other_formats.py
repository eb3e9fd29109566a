"""A workbook of ours that was saved as .ods or .xls is read as ours; what the format lost is told once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from builders import KEY, KEYS, MOF
from checking import good
from office import convert_with_libreoffice, requires_libreoffice
from openpyxl import load_workbook

from workbook_tools.form import identity_sheet
from workbook_tools.form.layout import build_layout
from workbook_tools.review.scoring import score_all
from workbook_tools.workbooks.reading import Reading, read_submission
from workbook_tools.workbooks.writing import build_workbook

_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
LAYOUT = build_layout(good(), MOF)
Cells = dict[tuple[str, str], object]


def opendocument(changes: Cells, without: str = "") -> bytes:
    """The correct workbook as .ods, as values alone; ``changes`` by sheet and cell, ``without`` a sheet."""
    book = load_workbook(io.BytesIO(build_workbook(good(), MOF, KEY)), data_only=True)
    for (title, cell), value in changes.items():
        book[title][cell] = value
    tables = "".join(
        f'<table:table table:name="{escape(sheet.title)}">{"".join(_row(row) for row in sheet.iter_rows(values_only=True))}'
        "</table:table>"
        for sheet in book
        if sheet.title != without
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {_NAMESPACES}>{body}</office:document-content>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return target.getvalue()


def _row(values: tuple[object, ...]) -> str:
    return f"<table:table-row>{''.join(map(_cell, values))}</table:table-row>"


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    kind = f'"float" office:value="{value}"' if isinstance(value, (int, float)) else '"string"'
    return f"<table:table-cell office:value-type={kind}>{text}</table:table-cell>"


def read(folder: Path, data: bytes, name: str = "P001.ods") -> Reading:
    path = folder / name
    path.write_bytes(data)
    return read_submission(path, KEYS)


def places(reading: Reading) -> list[tuple[str, str, str]]:
    return [(item.code, item.sheet, item.cell) for item in reading.findings]


def at(name: str) -> tuple[str, str]:
    return LAYOUT.fields[name].sheet, LAYOUT.fields[name].cell


def test_it_is_read_and_scored_as_ours(tmp_path: Path) -> None:
    reading = read(tmp_path, opendocument({}))
    assert places(reading) == [("FILE42", "", "")]
    assert reading.submission is not None
    assert reading.seal is not None
    assert reading.submission.project.code == "P001"
    [scored] = score_all([reading.submission])
    assert scored.figures["total_score"] == 100


def test_what_was_typed_otherwise_and_what_was_changed_is_found(tmp_path: Path) -> None:
    actual, weight = at(LAYOUT.rows[0].name("actual")), at(LAYOUT.rows[1].name("weight"))
    reading = read(tmp_path, opendocument({actual: "102公里", weight: 30}))
    assert set(places(reading)) == {("FILL05", *actual), ("TAMPER02", *weight), ("FILE42", "", "")}


def _without_identity() -> bytes:
    return opendocument({}, without=identity_sheet.TITLE)


def _with_broken_identity() -> bytes:
    span = identity_sheet.identity_span(identity_sheet.PIECES[0])
    return opendocument({(identity_sheet.TITLE, f"B{span.row + 1}"): "坏了"})


@pytest.mark.parametrize(("make", "code"), [(_without_identity, "FILE10"), (_with_broken_identity, "TAMPER01")])
def test_without_a_whole_identity_it_is_not_guessed_at(tmp_path: Path, make: Callable[[], bytes], code: str) -> None:
    reading = read(tmp_path, make())
    assert reading.submission is None
    assert code in {item.code for item in reading.findings}


@requires_libreoffice
@pytest.mark.slow
def test_an_unfinished_form_saved_as_ods_is_read_and_told_what_is_missing(tmp_path: Path) -> None:
    """Nobody is named yet, and there is no grade: LibreOffice states no value then, and shows 填报人： and 评价等级：."""
    issued = tmp_path / "P001.xlsx"
    issued.write_bytes(build_workbook(good().model_copy(update={"answers": None}), MOF, KEY))
    [saved] = convert_with_libreoffice([issued], tmp_path / "ods", "ods")
    reading = read_submission(saved, KEYS)
    assert reading.submission is not None
    assert {item.code for item in reading.findings} == {"FILE42"}
