"""公开情况表: the program counts, finance types when and where; both are kept in the ledger and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.disclosing import TABLE_FILE, update_disclosure
from workbook_tools.campaign.ledger import PublishedFile
from workbook_tools.campaign.ledger.author import find_login
from workbook_tools.campaign.next_steps import find_next_steps
from workbook_tools.campaign.public_list import PublicItem
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import ProjectList
from workbook_tools.review import guarded_reading

NOW = datetime(2025, 5, 20, 2, tzinfo=UTC)
LISTED = (
    project(),
    project(code="P002", name="候车亭维修"),
    project(code="P003", name="校园周边巡逻", department="示例县公安局"),
)
FIRST, SECOND = LISTED[0].department, LISTED[2].department
FILE = (Path("公开/甲.xlsx"),)
ITEMS = [
    PublicItem("P001", "农村道路", FIRST, "公路段", 120.5, FILE),
    PublicItem("P002", "候车亭维修", FIRST, "公路段", 30.0, reasons=("还没有接收",)),
    PublicItem("P003", "校园周边巡逻", SECOND, "公安局", 10.0, reasons=("涉密",)),
]
SHEET = "公开情况表"


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    monkeypatch.setattr(guarded_reading, "try_reading", lambda *_: None)
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, authority="清河县财政局"))
    listed = ProjectList(year=2024, projects=LISTED).model_dump_json()
    campaign.project_list.with_suffix(".json").write_text(listed, "utf-8")
    return campaign


def heads(sheet: Any) -> dict[str, int]:
    return {str(cell.value).split("\n")[0]: cell.column for cell in sheet[3] if cell.value}


def type_in(campaign: Campaign, values: dict[str, Any], row: int = 4) -> None:
    path = campaign.root / TABLE_FILE
    book = openpyxl.load_workbook(path)
    columns = heads(book[SHEET])
    for name, value in values.items():
        book[SHEET].cell(row, columns[name]).value = value
    book.properties.creator = book.properties.lastModifiedBy = "李敏"
    book.save(path)


def shown(campaign: Campaign, row: int = 4) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(campaign.root / TABLE_FILE)[SHEET]
    return {name: sheet.cell(row, column).value for name, column in heads(sheet).items()}


def test_departments_are_counted_and_the_rate_is_a_formula(campaign: Campaign) -> None:
    done = update_disclosure(campaign, NOW, items=ITEMS)
    found = shown(campaign)
    names = ("部门", "预算资金", "公开项目资金", "参评项目", "公开项目")
    assert [found[name] for name in names] == [FIRST, 150.5, 120.5, 2, 1]
    assert found["公开率"] == "=J4/I4"
    assert [(line.department, line.state) for line in done.waiting] == [
        (FIRST, "待填公开时间、公开网址、不公开原因"),
        (SECOND, "待填不公开原因"),
    ]


def test_what_is_typed_goes_into_the_ledger_with_who_and_stays_when_the_table_is_drawn_again(
    campaign: Campaign,
) -> None:
    update_disclosure(campaign, NOW, items=ITEMS)
    address = "http://www.example.gov.cn/1"
    typed = {"公开时间": "2025-05-19", "公开网址": address, "不公开原因": "还没有接收", "批复预算资金": 140}
    type_in(campaign, typed)
    done = update_disclosure(campaign, NOW)
    assert [line.department for line in done.waiting] == [SECOND]
    assert done.moved_aside
    with campaign.open_ledger() as ledger:
        counts, entered = ledger.find_disclosure(2024)
    assert (counts[FIRST].projects, counts[FIRST].published, entered[FIRST].who) == (2, 1, find_login())
    assert entered[FIRST].typed == ("140", "", "", "2025-05-19", address, "", "", "还没有接收")
    (campaign.root / TABLE_FILE).unlink()
    update_disclosure(campaign, NOW, items=ITEMS)
    assert {name: shown(campaign)[name] for name in typed} == typed
    assert shown(campaign)["批复率"] == "=D4/C4"


def test_what_was_cleared_is_cleared(campaign: Campaign) -> None:
    update_disclosure(campaign, NOW, items=ITEMS)
    for remark in ("第一次", "第二次", None):
        type_in(campaign, {"备注": remark})
        update_disclosure(campaign, NOW)
    with campaign.open_ledger() as ledger:
        assert ledger.find_disclosure(2024)[1][FIRST].remark == ""
    assert not shown(campaign)["备注"]


def test_a_date_that_a_program_made_of_what_was_typed_is_a_day(campaign: Campaign) -> None:
    update_disclosure(campaign, NOW, items=ITEMS)
    type_in(campaign, {"公开时间": datetime(2025, 5, 19)})
    update_disclosure(campaign, NOW)
    assert shown(campaign)["公开时间"] == "2025-05-19"


@pytest.mark.parametrize("amount", ["很多", -1, "≥5"])
def test_an_amount_that_is_none_is_told_with_its_cell_and_nothing_is_written(
    campaign: Campaign, amount: object
) -> None:
    update_disclosure(campaign, NOW, items=ITEMS)
    type_in(campaign, {"批复预算资金": amount})
    before = (campaign.root / TABLE_FILE).read_bytes()
    with pytest.raises(SettingsError, match="D4"):
        update_disclosure(campaign, NOW)
    assert (campaign.root / TABLE_FILE).read_bytes() == before


def test_a_department_that_is_gone_stays_as_long_as_something_is_typed_of_it(campaign: Campaign) -> None:
    update_disclosure(campaign, NOW, items=ITEMS)
    type_in(campaign, {"备注": "并入交通局"}, row=5)
    done = update_disclosure(campaign, NOW, items=ITEMS[:2])
    assert [(line.department, line.count is None) for line in done.lines] == [(FIRST, False), (SECOND, True)]


def test_the_published_files_are_listed_with_what_became_of_them(campaign: Campaign) -> None:
    files = [PublishedFile(2024, "P001", "公开/甲.xlsx", "1"), PublishedFile(2024, "P001", "wbt.toml", "2")]
    with campaign.open_ledger() as ledger:
        ledger.record_published(files, NOW)
    update_disclosure(campaign, NOW, items=ITEMS)
    sheet = openpyxl.load_workbook(campaign.root / TABLE_FILE)["公开的文件"]
    found = [(row[1], row[3]) for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert found == [("公开/甲.xlsx", "已移走或改名"), ("wbt.toml", "在")]


def test_the_next_step_says_what_is_still_to_be_typed(campaign: Campaign) -> None:
    def told() -> list[bool]:
        return ["wbt publish --table" in step.reason for step in find_next_steps(campaign, NOW).steps]

    assert not any(told())
    update_disclosure(campaign, NOW, items=ITEMS)
    assert told().count(True) == 1
    type_in(campaign, {"公开时间": "2025-05-19", "公开网址": "http://www.example.gov.cn/1", "不公开原因": "还没有接收"})
    type_in(campaign, {"不公开原因": "涉密"}, row=5)
    update_disclosure(campaign, NOW)
    assert not any(told())


def test_without_a_public_version_there_is_nothing_to_count(campaign: Campaign) -> None:
    with pytest.raises(SettingsError, match="wbt publish"):
        update_disclosure(campaign, NOW)
