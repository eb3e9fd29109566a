"""报告文字.xlsx: what an officer writes in place of a draft stands, and holds until the figures change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from office import ooxml_errors_of, requires_ooxml_validator
from openpyxl.worksheet.worksheet import Worksheet
from result_builder import project, result

from workbook_tools.campaign.report_texts import BRIEF_ROOM, BY, DRAFTED, FILE_NAME, FINAL, NUMBER, STATE, draw_texts
from workbook_tools.campaign.reporting import WrittenReports, report_result
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.acceptance import choose_drafts, read_acceptances, write_acceptances
from workbook_tools.reports.formatting import DRAFT, EDITED, OUTDATED
from workbook_tools.reports.group_texts import find_group_drafts

NOW = datetime(2025, 3, 10, 14, 5)
REASONS = "失分原因"


class Office:
    """A folder of reports, and what an officer does in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "报告"
        self.source = folder / "审核结果.json"
        self.found = result([project(number, department="公安局") for number in range(3)], missing=())

    def write(self) -> WrittenReports:
        return report_result(None, self.found, self.folder, self.source, NOW, only=())

    def change_figures(self) -> None:
        rows = [row.model_copy(update={"deviation_reason": "施工图审批推迟。"}) for row in self.found.indicators]
        self.found = self.found.model_copy(update={"indicators": tuple(rows)})

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in Document(str(self.folder / "公安局" / "部门汇总报告.docx")).paragraphs)

    def _place(self, sheet: Worksheet, section: str, name: str) -> tuple[int, int]:
        whose = "全部项目　一页简报" if section.startswith("简报") else "公安局　部门汇总报告"
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        (header,) = (at for at, row in enumerate(rows) if DRAFTED in row and NUMBER in row)
        row = next(at for at, row in enumerate(rows) if row[0] == whose and row[1] == section)
        return row + 1, rows[header].index(name) + 1

    def read(self, name: str, section: str = REASONS) -> str:
        sheet = openpyxl.load_workbook(self.folder / FILE_NAME).worksheets[0]
        return str(sheet.cell(*self._place(sheet, section, name)).value or "")

    def type_in(self, section: str = REASONS, **typed: str | None) -> None:
        """As the officer does: typed by the columns' names."""
        book = openpyxl.load_workbook(self.folder / FILE_NAME)
        for name, text in typed.items():
            book.worksheets[0].cell(*self._place(book.worksheets[0], section, name)).value = text
        book.save(self.folder / FILE_NAME)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.write()
    return office


def test_a_text_that_was_written_and_accepted_stands_without_a_mark(office: Office) -> None:
    assert office.text.count(DRAFT) == 4
    office.type_in(**{FINAL: "失分主要是雨天多。\n已列入计划。", BY: "王某"})
    done = office.write()
    assert "失分主要是雨天多。\n已列入计划。" in office.text
    assert office.text.count(DRAFT) == 3
    assert (office.read(FINAL), office.read(BY), office.read(STATE)) == (
        "失分主要是雨天多。\n已列入计划。",
        "王某",
        "已确认",
    )
    assert (done.outdated, done.text_faults) == (0, ())
    (accepted,) = read_acceptances(office.source).accepted
    assert (accepted.project_code, accepted.section, accepted.by, accepted.at) == (
        "公安局",
        "reasons",
        "王某",
        "2025-03-10 14:05",
    )


def test_a_text_that_was_only_written_is_marked_as_such(office: Office) -> None:
    office.type_in(**{FINAL: "失分主要是雨天多。"})
    office.write()
    assert f"{EDITED}失分主要是雨天多。" in office.text
    assert office.read(STATE) == "已修改，待确认"


def test_when_the_figures_change_the_text_stays_and_is_told(office: Office) -> None:
    office.type_in(**{FINAL: "失分主要是雨天多。", BY: "王某"})
    office.write()
    office.change_figures()
    done = office.write()
    assert (done.outdated, done.text_faults) == (1, ())
    assert f"{OUTDATED}失分主要是雨天多。" in office.text
    assert "施工图审批推迟" in office.read(DRAFTED)
    assert (office.read(FINAL), office.read(BY), office.read(STATE)) == (
        "失分主要是雨天多。",
        "",
        "数据有变，请重新核对",
    )
    office.type_in(**{BY: "李某"})
    assert office.write().outdated == 0
    assert OUTDATED not in office.text


def test_a_name_typed_before_the_figures_changed_is_not_taken(office: Office) -> None:
    office.type_in(**{BY: "王某"})
    office.change_figures()
    (fault,) = office.write().text_faults
    assert "数据有变" in fault
    assert read_acceptances(office.source).accepted == ()


def test_a_text_that_is_too_long_for_the_brief_is_told(office: Office) -> None:
    office.type_in("简报建议", **{FINAL: "长" * (BRIEF_ROOM + 1), BY: "王某"})
    (fault,) = office.write().text_faults
    assert "一页可能放不下" in fault


def test_what_is_cleared_is_taken_back(office: Office) -> None:
    office.type_in(**{FINAL: "失分主要是雨天多。", BY: "王某"})
    office.write()
    office.type_in(**{BY: None})
    office.write()
    assert f"{EDITED}失分主要是雨天多。" in office.text
    office.type_in(**{FINAL: None})
    office.write()
    assert "雨天" not in office.text and office.text.count(DRAFT) == 4


def test_what_the_command_accepted_or_took_back_is_not_undone_by_the_workbook(office: Office) -> None:
    def drafts() -> list[object]:
        return [*find_group_drafts(office.found, read_acceptances(office.source))]

    chosen = choose_drafts(drafts(), "公安局", [REASONS])  # type: ignore[arg-type]
    write_acceptances(read_acceptances(office.source).with_these(chosen, "", "2025-03-10 14:05"), office.source)
    office.write()
    assert office.text.count(DRAFT) == 3
    write_acceptances(read_acceptances(office.source).without(chosen), office.source)
    office.write()
    assert office.text.count(DRAFT) == 4


def test_a_workbook_without_its_columns_is_told(office: Office) -> None:
    (office.folder / FILE_NAME).write_bytes(draw_texts([]).replace(b"", b""))
    book = openpyxl.load_workbook(office.folder / FILE_NAME)
    book.worksheets[0].title = "别的"
    book.save(office.folder / FILE_NAME)
    with pytest.raises(SettingsError, match="表名或列名被改动"):
        office.write()


def test_the_command_leaves_projects_out_and_says_where_texts_can_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from workbook_tools.commands.main import app
    from workbook_tools.results.json_file import write_json

    found: ReviewResult = result([project(1), project(2)], missing=())
    write_json(found, tmp_path / "审核结果.json")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["report", "审核结果.json", "--out", "报告", "--no-projects"])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "报告").rglob("*.*")) == sorted(
        ["部门汇总报告.docx", "部门汇总报告.docx", "全部项目汇总报告.docx", "一页简报.docx", FILE_NAME]
    )
    assert FILE_NAME in done.output.replace("\n", "")


@requires_ooxml_validator
def test_the_workbook_is_valid_open_xml(office: Office) -> None:
    assert list(ooxml_errors_of([office.folder / FILE_NAME]).values()) == [[]]
