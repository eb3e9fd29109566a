"""Every kind of workbook that the program writes, each made as a user gets it: the one list of kinds that tests walk.

Kinds are named by the module that draws them; ``tests/test_house.py`` finds the modules that draw, so that none is forgotten.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from by_department import write_by_department
from inspection_forms import draw_filled, issue_form, lay_out
from long_run import thin
from made_demo import copy_demo
from prescribed_forms import write_yearly_report
from two_years import compare

from workbook_tools.campaign.disclosure_lines import list_departments
from workbook_tools.campaign.disclosure_sheet import draw_disclosure
from workbook_tools.campaign.doubt_workbook import AskedDoubt, draw_doubts
from workbook_tools.campaign.ledger.records import DisclosedFacts, PublicCount, PublishedFile
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.campaign.ledger.workbook import write_status
from workbook_tools.campaign.public_list import PublicItem, PublicReport, draw_public_list
from workbook_tools.campaign.report_texts import TypedTexts, draw_texts, write_texts
from workbook_tools.core.review_result import Decision, ReviewResult, SecondLook
from workbook_tools.desk.console_book import Kept, draw_console, read_grid
from workbook_tools.excel.plain_tables import write_tables
from workbook_tools.exchange import fill_tables
from workbook_tools.exchange.format import load_format
from workbook_tools.followup.answer_book import AnswerBook, AskedMatter, draw_answer_book
from workbook_tools.followup.listing_matters import find_matters
from workbook_tools.followup.matter_history import (
    Conclusion,
    MatterAnswer,
    MatterHistory,
    MatterStep,
    MendingVerdict,
    NoticeSent,
)
from workbook_tools.followup.matter_sheet import MatterLine, TypedChoice, draw_matters
from workbook_tools.followup.proposal_sheet import TypedDecision, draw_proposals
from workbook_tools.followup.proposals import GradeOutcome, propose
from workbook_tools.inspection.sample_list import draw_sample_list
from workbook_tools.inspection.sample_record import Draw, Draws, SampleRow
from workbook_tools.inspection.sampling import SampleRule, draw_sample
from workbook_tools.legacy.words.doubts import Doubt, FormLayout, KeptReading, LayoutCell
from workbook_tools.projects import project_list_workbook
from workbook_tools.reports.acceptance import Acceptances, group_by_project
from workbook_tools.reports.hiding import NAME, NUMBER, HiddenText
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.reports.public_version import PublicVersion, make_public
from workbook_tools.results.workbook import write_workbook
from workbook_tools.returns import write_returns
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.shipped.blanks import draw_blank_form, draw_blank_summary_form
from workbook_tools.shipped.demo import Demo
from workbook_tools.shipped.example import load_example
from workbook_tools.summary import write_form_tables, write_summaries
from workbook_tools.summary.office_form import SummaryForm
from workbook_tools.workbooks.writing import build_workbook

NOW = datetime(2024, 3, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """The demo's office, on whose day everything is written."""

    demo: Demo

    @property
    def judged(self) -> ReviewResult:
        """The demo's result after finance has changed a score of its first project, and reviewers have looked at three again."""
        first, *others = self.demo.result.projects
        changed = {
            "reviewed_score": 5.0,
            "review_reason": "凭证不全",
            "reviewed_by": "李敏",
            "reviewed_at": "2024-03-02",
        }
        changed |= {"reviewed_from": first.execution_score}
        total = (first.total_score or 0) - (first.execution_score or 0) + 5
        facts = {
            "execution_review": Decision.model_validate(changed),
            "reviewed_total": round(total, 2),
            "reviewed_grade": "良好",
            "reviewed_scores": first.scores,
        }
        looked = {
            row.code: SecondLook(
                reason="按风险抽中",
                self_total=row.total_score,
                central_total=row.total_score,
                total=(row.total_score or 0) - 5 * number,
                grade="良好",
                difference=-5.0 * number,
                differing=number,
                quality=90 - number,
                quality_points=100,
                conclusion="自评基本真实，个别指标高估。",
                by="李敏",
                at="2024年3月20日",
            )
            for number, row in enumerate(others[:3])
        }
        others = [row.model_copy(update={"second_look": looked.get(row.code)}) for row in others]
        return self.demo.result.model_copy(update={"projects": (first.model_copy(update=facts), *others)})

    @property
    def empty(self) -> ReviewResult:
        """Nothing has come, and nothing was expected."""
        nothing: dict[str, tuple[()]] = dict.fromkeys(
            ("projects", "indicators", "findings", "missing", "checks", "evidence"), ()
        )
        return self.demo.result.model_copy(update={**nothing, "reviewed_files": 0})

    @property
    def results(self) -> dict[str, ReviewResult]:
        """The results by a name for a file or folder."""
        return {"usual": self.demo.result, "judged": self.judged, "empty": self.empty}


Maker = Callable[[Office, Path], None]
"""Writes the workbooks of a kind into a folder."""


def _make_forms(office: Office, folder: Path) -> None:
    """Issued, with macros, filled, returned, and the blank form; 复核表 as issued, and one that is filled in."""
    root, campaign = office.demo.campaign.root, office.demo.campaign
    for name in ("下发", "回收"):
        for path in thin(sorted((root / name).rglob("*.xlsx"))):
            (folder / f"{name}_{path.name}").write_bytes(path.read_bytes())
    key = campaign.signing_key()
    write_returns(office.demo.result, root / "回收", folder / "退回", {key.id: key}, by="2024年4月10日")
    returned = sorted((folder / "退回").rglob("*.xlsx"))
    for path in {*returned}.difference(thin(returned)):
        path.unlink()
    (folder / "空白.xlsx").write_bytes(draw_blank_form(campaign.scheme("")))
    project = load_example().projects[0]
    (folder / "带宏.xlsm").write_bytes(build_workbook(project, campaign.scheme(project.scheme), key, macros=True))
    for row in office.judged.projects[:2]:
        (folder / f"复核表_{row.code}.xlsx").write_bytes(issue_form(lay_out(office.judged, row)))
    (folder / "复核表_填好.xlsx").write_bytes(draw_filled())


def _make_lists(office: Office, folder: Path) -> None:
    scheme, example = office.demo.campaign.scheme(""), load_example()
    for name, listed in (("空白", None), ("清单", example)):
        (folder / f"{name}.xlsx").write_bytes(project_list_workbook(listed, scheme))


def _make_results(office: Office, folder: Path) -> None:
    for name, result in office.results.items():
        (folder / name).mkdir()
        write_workbook(result, folder / name / "审核结果.xlsx", inbox=office.demo.campaign.root / "回收")


def _make_department_results(office: Office, folder: Path) -> None:
    for name, result in office.results.items():
        write_by_department(result, folder / name, office.demo.campaign.root / "回收")


def _make_summaries(office: Office, folder: Path) -> None:
    for name, result in {**office.results, "two years": compare(office.demo.result)}.items():
        write_summaries(result, folder / name, inbox=office.demo.campaign.root / "回收")


def _make_overviews(office: Office, folder: Path) -> None:
    """汇总_全部 as it is of many projects."""
    for name, result in {**office.results, "two years": compare(office.demo.result)}.items():
        write_summaries(result, folder / name, most=-1)
        for path in (folder / name).glob("汇总_*.xlsx"):
            if path.name != "汇总_全部.xlsx":
                path.unlink()


def _make_tables(office: Office, folder: Path) -> None:
    form = folder / "模板.xlsx"
    form.write_bytes(draw_blank_summary_form())
    for name, result in office.results.items():
        write_form_tables(result, folder / name, form)
    prescribed = folder.parent / "上级表样.xlsx"
    write_yearly_report(prescribed, "部门=交通局", "等级=优秀")
    filled = SummaryForm.open(prescribed, office.judged).fill(office.judged, office.judged.authority)
    (folder / "上级表.xlsx").write_bytes(filled)


def _make_blank_table(office: Office, folder: Path) -> None:
    (folder / "汇总表.xlsx").write_bytes(draw_blank_summary_form())


def _make_status(office: Office, folder: Path) -> None:
    found = find_standing(office.demo.campaign, NOW)
    write_status(folder / "报送情况.xlsx", found.rows, found.title, found.note)
    write_status(folder / "没有项目.xlsx", [], found.title, found.note)


def _make_doubts(office: Office, folder: Path) -> None:
    layout = FormLayout((LayoutCell("标题", "项目支出绩效自评表"),))
    doubt = Doubt("这一列是什么：年末落实数", ("全年预算", "全年执行"), layout)
    asked = AskedDoubt(doubt, "卫生健康局/老表.xls", "Sheet1!E5", "年末落实数", "全年预算", "全年执行", forms=3)
    kept = AskedDoubt(doubt, "老表.xls", kept=KeptReading("全年执行", "李敏", "2024-03-01", "老表.xls", doubt.readings))
    other = AskedDoubt(Doubt("这一列是什么：年初数", ("年初预算", "全年预算"), layout), "老表.xls", "Sheet1!D5")
    (folder / "导入疑问.xlsx").write_bytes(draw_doubts([asked, other], [kept]))
    (folder / "没有疑问.xlsx").write_bytes(draw_doubts([], []))


def _make_texts(office: Office, folder: Path) -> None:
    for name, result in office.results.items():
        write_texts(result, folder, TypedTexts(Acceptances()))
        if (folder / "报告文字.xlsx").exists():
            (folder / "报告文字.xlsx").rename(folder / f"报告文字_{name}.xlsx")
    (folder / "没有文字.xlsx").write_bytes(draw_texts([]))


def _make_console(office: Office, folder: Path) -> None:
    campaign = office.demo.campaign
    grid = read_grid(campaign, NOW)
    for name, macros in (("控制台.xlsm", True), ("控制台.xlsx", False)):
        (folder / name).write_bytes(draw_console(campaign, grid, Kept(), macros=macros))


def _make_public_forms(office: Office, folder: Path) -> None:
    """For the public; one with texts longer than a row of a sheet is high."""
    for number, public in enumerate(_make_public(office)):
        (folder / f"{number}.xlsx").write_bytes(public.form)


def _make_public(office: Office) -> Iterator[PublicVersion]:
    schemes = restore_schemes(office.judged)
    indicators = group_by_project(office.judged.indicators)
    for row in office.judged.projects:
        if indicators[row.code]:
            yield make_public(ProjectFacts(row, indicators[row.code], schemes[row.scheme_digest]))
    long = {"texts": dict.fromkeys(row.texts, "很长的说明，" * 400), "execution_reason": "资金到位晚，" * 60}
    yield make_public(ProjectFacts(row.model_copy(update=long), indicators["ZY2023-001"], schemes[row.scheme_digest]))


def _make_public_list(office: Office, folder: Path) -> None:
    hidden = (HiddenText("项目概况", NUMBER, "138…78"), HiddenText("项目概况", NAME, "王强", struck=False))
    reports = [
        PublicReport("部门汇总报告", "交通局", "交通局（公开版）", 1, 1, (folder / "丙.docx",), "", hidden),
        PublicReport("部门汇总报告", "公安局", "公安局（公开版）", 2, 0, reason="有 3 段草稿没有确认"),
    ]
    items = [
        PublicItem(
            "A-1", "道路维修", "交通局", "公路段", 120.5, (folder / "甲.xlsx",), (folder / "乙.docx",), (), hidden
        ),
        PublicItem("A-2", "候车亭维修", "交通局", "运输中心", 30.0, reasons=("待更正，还没有接收",)),
        PublicItem("B-1", "巡逻", "公安局", "公安局", reasons=("清单备注：涉密",)),
    ]
    for name, listed, whole in (("公开清单", items, reports), ("没有项目", [], [])):
        (folder / f"{name}.xlsx").write_bytes(draw_public_list(listed, whole, "2024年度公开清单", "供内部使用"))


def _make_disclosure(office: Office, folder: Path) -> None:
    """Departments with all typed, with something lacking, with nothing public, and one that is gone; and none at all."""
    counts = [
        PublicCount(2023, name, 4, open_, 120.5, 30.1) for name, open_ in (("交通局", 4), ("公安局", 2), ("教育局", 0))
    ]
    typed = [
        DisclosedFacts(
            2023,
            "交通局",
            "李敏",
            "120",
            "2024-01-15",
            "100.5",
            "2024-05-20",
            "http://www.example.gov.cn/a/1.html",
            at=NOW,
        ),
        DisclosedFacts(2023, "公安局", "李敏", remark="很长的备注，" * 30, at=NOW),
        DisclosedFacts(2023, "撤销的局", "李敏", reason="撤销", at=NOW),
    ]
    lines = list_departments(
        {c.department: c for c in counts}, {t.department: t for t in typed}, [c.department for c in counts]
    )
    files = [
        (PublishedFile(2023, "A-1", "公开/交通局/甲.xlsx", "1", NOW), "在"),
        (PublishedFile(2023, "B-1", "公开/乙.docx", "2"), "已移走或改名"),
    ]
    (folder / "公开情况表.xlsx").write_bytes(draw_disclosure(lines, files, "公开情况表"))
    (folder / "没有部门.xlsx").write_bytes(draw_disclosure([], [], "公开情况表"))


def _take_chart_data(office: Office, folder: Path) -> None:
    """The workbooks that open from the charts of a report."""
    for number, path in enumerate(office.demo.reports):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
            for name in package.namelist():
                if name.endswith(".xlsx"):
                    (folder / f"{number}_{Path(name).name}").write_bytes(package.read(name))


def _make_samples(office: Office, folder: Path) -> None:
    """A sample by risk with one picked by hand, and one that was drawn again."""
    rule = SampleRule(share=0.5, by_risk=True, bands=(10, 100), per_department=1)
    for number, (rules, picked) in enumerate((((rule,), "ZY2023-001"), ((SampleRule(), rule), ""))):
        draws = [
            Draw(
                seed=str(number),
                at="2024-04-10 14:05",
                by="李敏",
                rule=rule,
                missing=number,
                because="规则有变" if place else "",
                rows=tuple(
                    map(
                        SampleRow.of, draw_sample(office.judged.projects, rule, str(place), picked={picked: "群众反映"})
                    )
                ),
            )
            for place, rule in enumerate(rules)
        ]
        (folder / f"抽查名单{number}.xlsx").write_bytes(
            draw_sample_list(Draws(year=2023, draws=tuple(draws)), "抽查名单")
        )


def _make_proposals(office: Office, folder: Path) -> None:
    """With decisions of finance, one on an earlier proposal, one on a project that is gone; and none at all."""
    outcomes = {"优秀": GradeOutcome(advice="优先保障", share=1.0), "合格": GradeOutcome(advice="压减一成", share=0.9)}
    proposals = list(propose(office.judged, outcomes))
    typed = [
        TypedDecision("QW2021-003", "同意" * 20, 52.2, "李敏", "旧的建议"),
        TypedDecision("QW2020-009", "上年的", 3.0, "李敏", ""),
    ]
    path = folder / "结果应用建议.xlsx"
    path.write_bytes(draw_proposals(proposals, {one.code: one for one in typed}, "结果应用建议表"))
    (folder / "没有项目.xlsx").write_bytes(draw_proposals([], {}, "结果应用建议表"))


def _make_matters(office: Office, folder: Path) -> None:
    """What may need mending, what of it was sent, answered and concluded, what was typed of one that is gone; the unit's workbook; none at all."""
    matters = find_matters(office.judged, 0.1)
    typed = TypedChoice("", "是", "核对后改正，" * 30, "2024年6月30日", "李敏")
    sent = NoticeSent(at=NOW, by="李敏", round=1, due=NOW, matter=matters[0], file="甲.xlsx")
    answer = MatterAnswer(
        at=NOW,
        by="王强",
        measure="逐笔核对，" * 60,
        term="6月",
        result="已补",
        evidence="凭证.pdf",
        file="甲.xlsx",
        sha256="",
    )
    closed = Conclusion(at=NOW, by="李敏", verdict=MendingVerdict.AGAIN, remark="凭证还缺")
    chains: list[list[MatterStep]] = [[sent], [sent, answer, closed]]
    histories = [MatterHistory(one.number, 2023, steps) for one, steps in zip(matters, chains, strict=False)]
    lines = [
        MatterLine(place, one, typed if place % 2 else None, histories[0] if place == 1 else None)
        for place, one in enumerate(matters, 1)
    ]
    (folder / "整改事项.xlsx").write_bytes(draw_matters(lines, histories, [typed], "整改事项", NOW))
    (folder / "没有事项.xlsx").write_bytes(draw_matters([], [], [], "整改事项", NOW))
    campaign = office.demo.campaign
    asked = tuple(
        AskedMatter(one, "2024年6月30日") for one in (*matters, replace(matters[0], found="很长的问题，" * 300))
    )
    book = AnswerBook("示例县财政局", 2023, 2, "某局", "某单位", "12345", asked)
    (folder / "整改情况表.xlsx").write_bytes(draw_answer_book(book, campaign.scheme(), campaign.signing_key()))


def _make_exchange(office: Office, folder: Path) -> None:
    wanted = load_format("一体化", None)
    for name, result in office.results.items():
        (folder / f"一体化_{name}.xlsx").write_bytes(write_tables(fill_tables(result, wanted).tables, "一体化"))


KINDS: dict[str, Maker] = {
    "workbooks.writing": _make_forms,
    "projects.writing": _make_lists,
    "results.workbook": _make_results,
    "results.department_overview": _make_department_results,
    "summary.listing_workbook": _make_summaries,
    "summary.whole_workbook": _make_overviews,
    "summary.office_form": _make_tables,
    "shipped.blanks": _make_blank_table,
    "campaign.ledger.workbook": _make_status,
    "campaign.doubt_workbook": _make_doubts,
    "campaign.report_texts": _make_texts,
    "desk.console_book": _make_console,
    "workbooks.values_only": _make_public_forms,
    "campaign.public_list": _make_public_list,
    "campaign.disclosure_sheet": _make_disclosure,
    "word.charts": _take_chart_data,
    "excel.plain_tables": _make_exchange,
    "followup.proposal_sheet": _make_proposals,
    "followup.matter_sheet": _make_matters,
    "inspection.sample_list": _make_samples,
}
"""The module that draws → what it draws."""
NOT_KEPT = {
    "excel.resaved": "a copy in memory, for the reader alone",
    "excel.framed_book": "the frame of a form without its content",
    "excel.usual_tags": "a format or a row, for its tag",
}
"""Modules that draw what nobody gets."""


def open_office(folder: Path) -> Office:
    """The office in a folder of its own."""
    return Office(copy_demo(folder))


def write_kind(kind: str, office: Office, folder: Path) -> list[Path]:
    """Write the workbooks of a kind below a folder; returns them, in one flat folder by names of their own."""
    made, flat = folder / "made", folder / "flat"
    for path in (made, flat):
        path.mkdir(parents=True)
    KINDS[kind](office, made)
    return list(_flatten(made, flat))


def _flatten(made: Path, flat: Path) -> Iterator[Path]:
    for number, path in enumerate(sorted(p for p in made.rglob("*") if p.suffix in (".xlsx", ".xlsm"))):
        target = flat / f"{number:02}_{path.parent.name}_{path.name}"
        target.write_bytes(path.read_bytes())
        yield target
