"""The commands where 审核结果 has a workbook for each department: what they say, and that 核定 typed there reaches all that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import MOF, answers, project
from judging import type_judgement

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger import noting_review
from workbook_tools.campaign.ledger.book import Ledger
from workbook_tools.campaign.ledger.reviewed_parts import ReviewedPart
from workbook_tools.campaign.settings import ResultSettings
from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import IndicatorAnswer, ProjectList
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.results import read_results
from workbook_tools.results.names import list_department_books
from workbook_tools.workbooks.generating import generate

Wbt = Callable[..., tuple[int, str]]
LISTED = (
    project(),
    project(code="P002", name="候车亭维修", unit="示例县运输中心"),
    project(code="P003", name="校园周边巡逻", department="示例县公安局", unit="示例县公安局"),
)


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A working folder to which three projects, two of which have come back, are many."""
    settings = Settings(year=2024, checks={"CROSS02": "off", "CROSS03": "off"}, results=ResultSettings(one_workbook=2))
    made = Campaign.create(tmp_path / "自评", settings)
    (made.root / "项目清单.json").write_text(ProjectList(year=2024, projects=LISTED).model_dump_json(), "utf-8")
    key, sent = made.signing_key(), [p.model_copy(update={"answers": answers(MOF)}) for p in (LISTED[0], LISTED[2])]
    generate(sent, made.folder("回收"), key, made.notice, lambda _: MOF, prefill=True)
    monkeypatch.chdir(made.root)
    return made


def test_what_is_typed_in_a_departments_workbook_reaches_all_that_follows(campaign: Campaign, wbt: Wbt) -> None:
    _, said = wbt("review")
    books = {path.stem.removeprefix("审核结果_"): path for path in list_department_books(campaign.folder("审核"))}
    assert set(books) == {"示例县交通运输局", "示例县公安局"}
    assert "2 个部门、2 个项目" in said and "审核结果_各部门" in said
    type_judgement(books["示例县公安局"], 5, code="P003")
    assert [row.code for row in read_results(campaign.result_file).result.projects if row.reviewed] == ["P003"]
    assert wbt("accept", "P003", "--because", "已核实")[0] == 0
    kept = {row.code: row for row in read_results(campaign.result_file).result.projects}
    assert (kept["P003"].final_total, kept["P003"].accepted_because) == (85.0, "已核实")
    assert not kept["P001"].reviewed and not kept["P001"].accepted_by
    assert wbt("merge")[0] == 0
    assert "各部门" in openpyxl.load_workbook(campaign.folder("汇总") / "汇总_全部.xlsx").sheetnames
    _, said = wbt("review")
    assert {row.code for row in read_results(campaign.result_file).result.projects if row.reviewed} == {"P003"}
    assert "没有变化，未重写" in wbt("review")[1]


def test_the_data_of_few_projects_are_written_where_they_are_asked_for_and_then_kept_up(
    campaign: Campaign, wbt: Wbt, tmp_path: Path
) -> None:
    out, inbox = tmp_path / "别处", campaign.folder("回收")
    (campaign.root / "wbt.toml").write_text(
        campaign.settings.model_copy(update={"results": ResultSettings()}).toml(), "utf-8"
    )
    wbt("review", inbox, "--out", out)
    assert sorted(path.name for path in out.iterdir()) == ["审核结果.json", "审核结果.xlsx"]
    wbt("review", inbox, "--out", out, "--data")
    index = out / "审核数据" / "索引.json"
    before = index.read_bytes()
    next(inbox.rglob("*P003*.xlsx")).unlink()
    wbt("review", inbox, "--out", out)
    assert index.read_bytes() != before
    assert not list((out / "审核数据" / "项目").glob("*公安局/*.jsonl"))


def test_a_number_that_is_none_is_told(campaign: Campaign, wbt: Wbt) -> None:
    text = campaign.settings.toml().replace("one_workbook = 2", "one_workbook = 0")
    (campaign.root / "wbt.toml").write_text(text, "utf-8")
    code, said = wbt("review")
    assert (code, "one_workbook" in said, "应为 1 以上的整数" in said) == (2, True, True)


def test_the_ledger_is_told_of_departments_that_are_otherwise_and_lacks_nothing(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    record = Ledger.record_parts
    departments = {one.code: one.department for one in LISTED}

    def note(self: Ledger, parts: Iterable[ReviewedPart], *others: Any) -> Any:
        head, *rest = parts
        told.extend(departments[code] for part in rest for (_, code), _, _ in part.outcomes[:1])
        return record(self, [head, *rest], *others)

    def refuse(*_: object) -> None:
        raise OutputError("临时文件读写出错")

    def review() -> list[str]:
        """The departments that the ledger was told of."""
        told.clear()
        assert wbt("review")[0] == 1
        return [*told]

    def read_head() -> str:
        with campaign.open_ledger() as ledger:
            return ledger.read_head()

    monkeypatch.setattr(Ledger, "record_parts", note)
    roads, police = "示例县交通运输局", "示例县公安局"
    assert review() == [roads, police]
    assert review() == []
    assert wbt("accept", "P003", "--because", "已核实")[0] == 0  # something was recorded since
    assert review() == [roads, police]
    less = (IndicatorAnswer(actual=80.0), *answers().indicators[1:])
    sent = LISTED[0].model_copy(update={"answers": answers(MOF, indicators=less)})
    key, inbox = campaign.signing_key(), campaign.folder("回收")
    generate([sent], inbox, key, campaign.notice, lambda _: MOF, prefill=True, overwrite=True)
    assert review() == [roads]
    head = read_head()
    monkeypatch.setattr(KeptRecords, "find", lambda *_: None)
    assert review() == [roads, police]
    assert read_head() == head
    monkeypatch.setattr(noting_review._DescribedParts, "put", refuse)  # what cannot be described ahead is not missing
    assert review() == [roads, police]
    assert read_head() == head
