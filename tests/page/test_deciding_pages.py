"""What finance decides on a project's page: several 提醒 at once, and an acceptance that is taken back."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote

import openpyxl
from campaign_story import day
from page_visitor import PageVisitor, text_of

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.ledger.accepting import AcceptedProjects
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.core.codes import Severity
from workbook_tools.core.model import ProjectList
from workbook_tools.core.questions import find_key
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.page.review_pages import describe_accepting
from workbook_tools.results import read_results, write_results
from workbook_tools.review import Review
from workbook_tools.review.states import mark_states


def ask(visitor: PageVisitor, root: Path, code: str, count: int) -> list[str]:
    """Let the review have found so many 提醒 about a project, and nothing else; their numbers."""
    result = read_results(root / "审核").result
    asked = next(row for row in result.findings if row.project_code == "P02" and row.severity is Severity.ERROR)
    file = next(row.file for row in result.projects if row.code == code)
    asked = replace(asked, severity=Severity.WARNING, project_code=code, file=file)
    rows = [replace(asked, cell=f"E{number}") for number in range(20, 20 + count)]
    findings = (*(row for row in result.findings if row.project_code != code), *rows)
    result = mark_states(result.model_copy(update={"findings": findings}))
    write_results(Review(HeldParts(result), folder=root / "回收"), root / "审核")
    visitor.desk.folders[visitor.base.split("/")[2]].forget()
    return [find_key(row).number for row in rows]


def rulings(root: Path) -> list[tuple[str, str, str]]:
    result = read_results(root / "审核").result
    return [
        (row.ruling, row.ruling_reason, row.ruled_by) for row in result.findings if row.severity is Severity.WARNING
    ]


def test_several_reminders_are_accepted_at_once_as_if_typed_into_the_workbook(
    reviewed: PageVisitor, root: Path
) -> None:
    numbers = ask(reviewed, root, "P02", 3)
    page = reviewed.get("project/P02").text
    assert page.count('form="together"') == 3 and "接受勾选的" in page
    form = {"ruling": "接受", "reason": "凭证已核", "by": "王强"}
    told = reviewed.post("project/P02/rule", {**form, "number": numbers[:2]})
    assert "2 条提醒的接受说明已记下" in text_of(reviewed.get(told.headers["location"]))
    assert rulings(root) == [("接受", "凭证已核", "王强")] * 2 + [("", "", "")]
    sheet = openpyxl.load_workbook(root / "审核/审核结果.xlsx")["提醒说明"]
    typed = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sum({"接受", "凭证已核", "王强", "P02"} <= set(row) for row in typed) == 2
    assert 'form="together"' not in reviewed.get("project/P02").text, "one alone needs no tick"


def test_nothing_is_accepted_where_one_of_them_is_none_or_nothing_is_ticked(reviewed: PageVisitor, root: Path) -> None:
    numbers = ask(reviewed, root, "P02", 2)
    for chosen, told in (([*numbers, "x"], "没有这条提醒"), ([], "请先勾选")):
        answer = reviewed.post("project/P02/rule", {"ruling": "接受", "by": "王强", "number": chosen})
        assert answer.status_code == 409 and told in text_of(answer)
    assert rulings(root) == [("", "", "")] * 2


def standing(root: Path) -> dict[str, tuple[str, str]]:
    """Project → its state in the ledger and in 审核结果."""
    campaign = Campaign.open(root)
    rows = {row.code: row.state.value for row in find_standing(campaign, datetime.now(UTC)).rows}
    return {row.code: (rows[row.code], row.state.value) for row in read_results(root / "审核").result.projects}


def test_an_acceptance_is_taken_back_with_a_reason_and_the_project_stands_where_it_stood(
    reviewed: PageVisitor, root: Path, wbt
) -> None:
    before, result = standing(root), (root / "审核/审核结果.json").read_bytes()
    assert before == {"P01": ("可接收", "可接收"), "P02": ("待更正", "待更正")}
    reviewed.post("project/P02/accept", {"who": "王强", "sure": "1"})
    assert standing(root)["P02"] == ("已接收", "已接收")
    assert "撤回接收" in reviewed.get("project/P02").text and "撤回接收" not in reviewed.get("project/P01").text
    refused = reviewed.post("project/P02/withdraw", {"who": "李敏", "because": "  "})
    assert refused.status_code == 409 and "理由" in text_of(refused) and standing(root)["P02"][0] == "已接收"
    told = reviewed.post("project/P02/withdraw", {"who": "李敏", "because": "点错了项目"})
    assert "接收已撤回" in text_of(reviewed.get(told.headers["location"]))
    assert standing(root) == before and (root / "审核/审核结果.json").read_bytes() == result
    log = text_of(reviewed.get("ledger?project=P02"))
    assert "撤回接收" in log and "撤回人 李敏" in log and "点错了项目" in log and "接收人 王强" in log
    assert "审核了 2 个文件" in reviewed.do("inbox/review") and standing(root) == before
    told = reviewed.do("project/P02/return")
    assert "做好 1 个退回副本" in told, "it is returned as if it had never been accepted"
    reviewed.post("project/P02/withdraw", {"who": "李敏", "because": "再点一次"})
    assert "再点一次" not in text_of(reviewed.get("ledger?project=P02"))
    for words, code, said in (
        (("P01", "--who", "王强"), 0, "已接收 1 个项目"),
        (("P01", "--withdraw", "--who", "王强"), 2, "理由"),
        (("P01", "P02", "--withdraw", "--because", "点错了", "--who", "王强"), 1, "没有撤回：P02"),
        (("--all", "--withdraw", "--because", "点错了"), 2, "写明项目编码"),
        (("--withdraw", "--because", "点错了"), 2, "请写明要撤回接收的项目编码"),
    ):
        exit_code, out = wbt("accept", *words, cwd=root)
        assert (exit_code, said in out) == (code, True), out
    assert standing(root)["P01"] == before["P01"]


def rename_department(root: Path) -> None:
    """机构改革: the list has another name for the department of P01 to P04, and their forms are issued anew."""
    path = root / "项目清单.json"
    path.write_text(path.read_text("utf-8").replace("清河县教育局", "清河县教育体育局"), "utf-8")
    campaign = Campaign.open(root)
    listed = ProjectList.model_validate_json(path.read_bytes())
    issue_workbooks(campaign, listed.projects, campaign.folder("下发"), campaign.signing_key(), day(5), overwrite=True)


def test_forms_of_a_department_that_was_renamed_are_ticked_and_accepted_with_one_reason(
    reviewed: PageVisitor, root: Path
) -> None:
    rename_department(root)
    assert "审核了 2 个文件" in reviewed.do("inbox/review")
    page = text_of(reviewed.get("review"))
    assert page.count("（是第 1 次下发的，最近一次是第 2 次，不同之处") == 2, "what each is stands beside it"
    assert "主管部门：清河县教育局 → 清河县教育体育局" in page
    address, before = "review/ticked?trust=旧版下发&word=号项目", standing(root)
    ticked = {"who": "王强", "code": ["P01", "P02"], "sure": "1"}
    for form, said in (
        ({**ticked, "code": []}, "请先勾选"),
        ({**ticked, "sure": ""}, "P02号项目"),
        (ticked, "P01号项目 是旧版下发（是第 1 次下发的"),
        ({**ticked, "because": "/"}, "没有说出什么"),
    ):
        refused = reviewed.post(address, form)
        assert refused.status_code == 409 and said in text_of(refused) and standing(root) == before, form
    told = reviewed.post(address, {**ticked, "because": "机构改革，只改了部门名称"}).headers["location"]
    assert parse_qs(told.partition("?")[2])["trust"] == ["旧版下发"], "one is where one was"
    assert "已接收 2 个项目" in text_of(reviewed.get(told))
    assert standing(root) == dict.fromkeys(("P01", "P02"), ("已接收", "已接收"))
    rows = {row.code: row for row in find_standing(Campaign.open(root), datetime.now(UTC)).rows}
    assert {(rows[code].accepted_by, rows[code].accepted_because) for code in ticked["code"]} == {
        ("王强", "机构改革，只改了部门名称")
    }
    assert 'name="code"' not in reviewed.get("review").text, "what is accepted cannot be ticked"


def test_ticked_projects_of_the_last_issue_need_no_reason(reviewed: PageVisitor, root: Path) -> None:
    page = reviewed.get("review").text
    assert page.count('name="code"') == 2 and 'name="because"' not in page
    told = reviewed.post("review/ticked", {"who": "王强", "code": ["P01"]}).headers["location"]
    assert "已接收 1 个项目" in text_of(reviewed.get(told)) and standing(root)["P02"][0] == "待更正"


def test_what_is_not_accepted_in_bulk_is_told_in_few_words_however_many(reviewed: PageVisitor, root: Path) -> None:
    """What is said goes through an address, which has an end."""
    rename_department(root)
    reviewed.do("inbox/review")
    row = next(row for row in find_standing(Campaign.open(root), datetime.now(UTC)).rows if row.code == "P01")
    done = AcceptedProjects("王强", [], [], [], [], [row] * 300)
    told = describe_accepting(done)
    assert "300 个" in told and len(quote(told)) < 4_000
