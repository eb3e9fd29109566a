"""wbt inspect: a 复核表 for each project of the sample, nothing overwritten; what comes back is taken file by file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from builders import KEYS, filled
from docx import Document
from inspection_forms import agree, evaluated_several, fill_in

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.inspecting import HandedState, hand_out_forms, read_forms
from workbook_tools.campaign.inspection_record import RECORD, find_inspection_folder, find_second_looks
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.campaign.sampling import draw_list
from workbook_tools.campaign.settings import ResultSettings
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Value
from workbook_tools.form.identity import SigningKey
from workbook_tools.inspection import form
from workbook_tools.inspection.form_facts import QualityMark
from workbook_tools.inspection.sampling import SampleRule
from workbook_tools.results import department_parts
from workbook_tools.results.json_file import read_json, write_json
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import build_workbook

NOW = datetime(2025, 4, 10, 6, 5, tzinfo=UTC)
CODES = ("P001", "P002", "P003")
result = partial(evaluated_several, CODES)
Filled = dict[str, Path]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, authority="清河县财政局"))
    draw_list(campaign, result(), NOW, seed="7", rule=SampleRule(share=1))
    write_json(result(), campaign.result_file)
    return campaign


@pytest.fixture
def reviewer(campaign: Campaign) -> Callable[..., Path]:
    """Fills in the 复核表 of a project as it was handed out, and sends it back under a name."""

    def send(code: str, name: str = "", **changes: Value) -> Path:
        (issued,) = find_inspection_folder(campaign, "下发").rglob(f"{code}_*.xlsx")
        layout = read_submission(issued, campaign.known_keys(), form.VERSIONS).submission.layout  # type: ignore[union-attr]
        path = find_inspection_folder(campaign, "回收") / (name or f"{code}.xlsx")
        path.write_bytes(fill_in(issued.read_bytes(), layout, agree(result(), layout) | changes).bytes())
        return path

    return send


def test_each_project_of_the_sample_gets_its_form_once(campaign: Campaign) -> None:
    first = hand_out_forms(campaign, result())
    assert [(one.row.code, one.state) for one in first] == [(code, HandedState.NEW) for code in CODES]
    before = [one.path.read_bytes() for one in first]
    assert {one.state for one in hand_out_forms(campaign, result())} == {HandedState.SAME}
    assert [one.path.read_bytes() for one in first] == before


def test_another_form_replaces_the_one_that_stands_only_when_told(campaign: Campaign) -> None:
    first = hand_out_forms(campaign, result())[0]
    before = first.path.read_bytes()
    changed = result().model_copy(
        update={"projects": (result().projects[0].model_copy(update={"total_score": 90.0}), *result().projects[1:])}
    )
    assert [one.state for one in hand_out_forms(campaign, changed)] == [
        HandedState.KEPT,
        HandedState.SAME,
        HandedState.SAME,
    ]
    assert first.path.read_bytes() == before
    assert hand_out_forms(campaign, changed, overwrite=True)[0].state is HandedState.NEW
    assert first.path.read_bytes() != before


def test_a_project_that_is_in_the_result_no_more_is_told(campaign: Campaign) -> None:
    handed = hand_out_forms(campaign, result().model_copy(update={"projects": result().projects[1:]}))
    assert (handed[0].state, handed[0].path.exists()) == (HandedState.GONE, False)


def test_without_a_sample_there_is_nothing_to_inspect(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024))
    for step in (lambda: hand_out_forms(campaign, result()), lambda: read_forms(campaign)):
        with pytest.raises(SettingsError, match="wbt sample"):
            step()
    assert find_second_looks(campaign) == {}


def test_what_reviewers_found_is_kept_and_stays(campaign: Campaign, reviewer: Callable[..., Path]) -> None:
    hand_out_forms(campaign, result())
    reviewer("P001")
    reviewer("P002", indicator_001_actual=50.0, indicator_001_opinion="验收单只有 50 公里")
    read = read_forms(campaign)
    assert ([one.code for one in read.done], read.missing, read.findings) == (["P001", "P002"], ["P003"], ())
    looks = find_second_looks(campaign)
    assert [(code, look.difference, look.differing, look.by) for code, look in looks.items()] == [
        ("P001", 0, 0, "李敏"),
        ("P002", -10, 1, "李敏"),
    ]
    for path in find_inspection_folder(campaign, "回收").iterdir():
        path.unlink()
    assert [one.code for one in read_forms(campaign).done] == ["P001", "P002"]
    assert find_second_looks(campaign) == looks


def test_the_result_carries_what_was_found_and_a_review_keeps_it(
    campaign: Campaign, reviewer: Callable[..., Path]
) -> None:
    hand_out_forms(campaign, result())
    reviewer("P002", indicator_001_actual=50.0, indicator_001_opinion="验收单只有 50 公里")
    read_forms(campaign)
    found = {row.code: row.second_look for row in read_json(campaign.result_file).projects}
    assert found == {"P001": None, "P002": find_second_looks(campaign)["P002"], "P003": None}
    sheet = openpyxl.load_workbook(campaign.result_file.with_suffix(".xlsx"))["复核"]
    assert [cell.value for cell in sheet[4]][:9] == [
        1,
        "P002",
        "项目P002",
        result().projects[0].department,
        result().projects[0].unit,
        100,
        100,
        90,
        "=H4-F4",
    ]
    filled(campaign.folder("回收"), code="P002")
    review_inbox(campaign, campaign.folder("回收"), KEYS, NOW, out=campaign.result_file.parent)
    (row,) = read_json(campaign.result_file).projects
    assert row.second_look == found["P002"]
    (find_inspection_folder(campaign) / RECORD).write_bytes(b'{"year": 2024}')
    review_inbox(campaign, campaign.folder("回收"), KEYS, NOW, out=campaign.result_file.parent)
    (row,) = read_json(campaign.result_file).projects
    assert row.second_look is None


def test_a_review_writes_again_only_what_reviewers_have_found_since(
    campaign: Campaign, reviewer: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = department_parts.PartOrder.write

    def note(self: department_parts.PartOrder) -> object:
        written.append(self.department)
        return write(self)

    monkeypatch.setattr(department_parts.PartOrder, "write", note)
    campaign = replace(
        campaign, settings=campaign.settings.model_copy(update={"results": ResultSettings(one_workbook=1)})
    )
    filled(campaign.folder("回收"), code="P001")
    filled(campaign.folder("回收"), name="P002.xlsx", code="P002", department="示例县公安局")
    hand_out_forms(campaign, result())

    def review() -> int:
        written.clear()
        review_inbox(campaign, campaign.folder("回收"), KEYS, NOW, out=campaign.result_file.parent, workers=1)
        return len(written)

    for code in ("P001", "P002"):
        reviewer(code)
        read_forms(campaign)
        assert (review(), review()) == (2, 0)


def test_reports_are_written_and_a_changed_one_is_kept_aside(campaign: Campaign, reviewer: Callable[..., Path]) -> None:
    hand_out_forms(campaign, result())
    reviewer("P001")
    first = read_forms(campaign).reports
    assert [path.name for path in first.files] == ["复核汇总报告.docx", "P001_项目P001.docx"]
    assert read_forms(campaign).reports == first
    document = Document(str(first.files[1]))
    document.core_properties.last_modified_by = "李敏"
    document.save(str(first.files[1]))
    reviewer("P001", conclusion="另一个结论")
    again = read_forms(campaign).reports
    assert (len(again.asides), "另一个结论" in read_whole(again.files[1])) == (1, True)


def read_whole(path: Path) -> str:
    return "".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def test_one_bad_file_never_stops_the_others(campaign: Campaign, reviewer: Callable[..., Path]) -> None:
    hand_out_forms(campaign, result())
    reviewer("P001")
    reviewer("P002", indicator_001_actual=50.0)
    inbox = find_inspection_folder(campaign, "回收")
    (inbox / "空.xlsx").write_bytes(b"")
    (inbox / "说明.pdf").write_bytes(b"%PDF-1.4")
    scheme = restore_schemes(result())[result().projects[0].scheme_digest]
    layout = read_submission(inbox / "P001.xlsx", {}, form.VERSIONS).submission
    assert layout is not None
    (inbox / "自评表.xlsx").write_bytes(build_workbook(layout.project, scheme, campaign.signing_key()))
    (inbox / "别处.xlsx").write_bytes(build_workbook(layout.project, scheme, SigningKey.new()))
    read = read_forms(campaign)
    assert [one.code for one in read.done] == ["P001"]
    found = {item.file: item.code for item in read.findings}
    assert found == {
        "P002.xlsx": "FILL32",
        "空.xlsx": "FILE02",
        "说明.pdf": "FILE41",
        "自评表.xlsx": "FILE06",
        "别处.xlsx": "FILE06",
    }


def test_two_forms_of_a_project_that_differ_are_both_left(campaign: Campaign, reviewer: Callable[..., Path]) -> None:
    hand_out_forms(campaign, result())
    reviewer("P001", "甲.xlsx")
    reviewer("P001", "乙.xlsx", conclusion="另一个结论")
    read = read_forms(campaign)
    assert ([item.code for item in read.findings], read.done) == (["FILE21", "FILE21"], [])
    reviewer("P001", "乙.xlsx")
    read = read_forms(campaign)
    assert ([item.code for item in read.findings], [one.code for one in read.done]) == (["FILE20"], ["P001"])


def test_a_form_of_no_project_of_the_sample_is_named(campaign: Campaign, reviewer: Callable[..., Path]) -> None:
    hand_out_forms(campaign, result())
    for code in CODES:
        reviewer(code)
    (drawn,) = draw_list(campaign, result(), NOW, seed="8", rule=SampleRule(count=1), again="改数").draw.chosen
    read = read_forms(campaign)
    others = [("FILE07", f"{code}.xlsx") for code in CODES if code != drawn.code]
    assert [(item.code, item.file) for item in read.findings] == others
    assert [one.code for one in read.done] == [drawn.code]


def test_an_older_form_is_taken_and_told(campaign: Campaign, reviewer: Callable[..., Path]) -> None:
    hand_out_forms(campaign, result())
    reviewer("P001")
    campaign = Campaign(
        campaign.root, campaign.settings.model_copy(update={"quality": {"按时": QualityMark(points=10)}})
    )
    hand_out_forms(campaign, result(), overwrite=True)
    read = read_forms(campaign)
    assert ([item.code for item in read.findings], [one.code for one in read.done]) == (["TAMPER13"], ["P001"])


def test_a_damaged_record_is_told_and_not_replaced(campaign: Campaign) -> None:
    hand_out_forms(campaign, result())
    record = find_inspection_folder(campaign) / RECORD
    record.write_text("{")
    with pytest.raises(SettingsError, match="已损坏"):
        read_forms(campaign)
    assert record.read_text() == "{"


def test_the_command_writes_and_reads(
    campaign: Campaign, reviewer: Callable[..., Path], wbt: Callable[..., tuple[int, str]]
) -> None:
    code, printed = wbt("inspect", cwd=campaign.root)
    assert (code, "写出复核表 3 个" in printed) == (0, True)
    reviewer("P001")
    code, printed = wbt("inspect", "--read")
    assert (code, "已复核 1 个，还没有的 2 个" in printed, "自评 100 分，复核 100 分" in printed) == (0, True, True)
    reviewer("P002", indicator_001_actual=50.0)
    code, printed = wbt("inspect", "--read")
    assert (code, "没有采用的 1 份" in printed, "复核表!" in printed) == (1, True, True)
