"""核定 is read back from an 审核结果.xlsx of any length, and from nothing but the sheets that hold it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from long_run import LONG
from made_demo import show_demo
from office import recalculate_with_libreoffice, requires_libreoffice
from result_builder import multiply
from surgery import zipped

from workbook_tools.core.cells import Place, address
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.review_result import Judgement, ReviewResult
from workbook_tools.excel import reading
from workbook_tools.results.facts import indicator_entries
from workbook_tools.results.judgement import read_judgements
from workbook_tools.results.judging_cells import INDICATORS, locate_judgements
from workbook_tools.results.workbook import write_workbook

COUNTS = (5_000, 20_000) if LONG else (2_000,)
"""20,000 take a minute."""
CELLS_OF_ONE = 120
"""So many cells a project has at least here."""


@pytest.fixture(scope="module")
def demo() -> ReviewResult:
    """The result of five workbooks."""
    return show_demo().result


def without_findings(content: ReviewResult) -> ReviewResult:
    """They stand on other sheets, and take most of the time to write. Some projects have their indicators twice: all then have more
    cells than a file may that is read as a whole."""
    rows = content.indicators
    return content.model_copy(update={"findings": (), "evidence": (), "indicators": (*rows, *rows[: len(rows) // 2])})


def choose_judgements(content: ReviewResult) -> list[Judgement]:
    """On the first row, on one behind row 10,000, and on the last, with the cells where they are to be typed."""
    entries = indicator_entries(content)
    chosen = [entries[0], entries[min(10_500, len(entries) - 2)], entries[-1]]
    given = [
        Judgement(key=entry.key, score=0.5, reason="现场核实", by="王强", computed=entry.row.score) for entry in chosen
    ]
    return locate_judgements(content, given)


def type_in(path: Path, judgements: list[Judgement]) -> None:
    """Type them as a program does that changes these cells and nothing else."""
    cells: dict[str, float | str] = {}
    for judgement in judgements:
        letters, number = re.fullmatch(r"([A-Z]+)(\d+)", judgement.cell).groups()  # type: ignore[union-attr]
        col = [address(0, col)[:-1] for col in range(100)].index(letters)
        texts = (judgement.score, judgement.reason, judgement.by)
        cells |= {address(int(number) - 1, col + i): text for i, text in enumerate(texts)}  # type: ignore[misc]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    titles = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    name = f"xl/worksheets/sheet{titles.index(INDICATORS) + 1}.xml"
    path.write_bytes(zipped({**parts, name: fill_cells(parts[name], cells)}))


def fill_cells(xml: bytes, cells: Mapping[str, float | str]) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        value = cells.get(match[1].decode())
        if value is None:
            return match[0]
        if isinstance(value, float):
            return b'<c r="%s"%s><v>%r</v></c>' % (match[1], match[2], value)
        text = b"<is><t>" + value.encode() + b"</t></is>"
        return b'<c r="%s"%s t="inlineStr">%s</c>' % (match[1], match[2], text)

    return re.sub(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")/>', fill, xml)


def read_back(path: Path) -> dict[object, tuple[object, ...]]:
    read = read_judgements(path)
    assert read.findings == ()
    return {j.key: (j.score, j.reason, j.by, j.computed, j.sheet, j.cell) for j in read.given}


def expect(judgements: list[Judgement]) -> dict[object, tuple[object, ...]]:
    return {j.key: (j.score, j.reason, j.by, j.computed, j.sheet, j.cell) for j in judgements}


@pytest.mark.parametrize("count", COUNTS)
def test_judgements_on_thousands_of_workbooks_are_read_back(
    count: int, demo: ReviewResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_CELLS", min(reading.MAX_CELLS, CELLS_OF_ONE * count))
    content = multiply(without_findings(demo), count // len(demo.projects))
    write_workbook(content, tmp_path / "审核结果.xlsx", data=tmp_path / "审核结果.json")
    with pytest.raises(UnreadableWorkbook, match="个单元格"):
        reading.open_workbook(tmp_path / "审核结果.xlsx", most=10**9).value(Place(INDICATORS, 0, 0))
    judgements = choose_judgements(content)
    type_in(tmp_path / "审核结果.xlsx", judgements)
    assert read_back(tmp_path / "审核结果.xlsx") == expect(judgements)


@pytest.mark.long
@requires_libreoffice
def test_judgements_behind_row_10000_are_read_back_as_libreoffice_saves_them(
    demo: ReviewResult, tmp_path: Path
) -> None:
    content = multiply(without_findings(demo), 4_000 // len(demo.projects))
    write_workbook(content, tmp_path / "审核结果.xlsx", data=tmp_path / "审核结果.json")
    judgements = choose_judgements(content)
    type_in(tmp_path / "审核结果.xlsx", judgements)
    (saved,) = recalculate_with_libreoffice([tmp_path / "审核结果.xlsx"], tmp_path / "另存")
    assert read_back(saved) == expect(judgements)
