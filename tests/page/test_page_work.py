"""The work on the page: taking in, reviewing, judging, returning, accepting; with the same outputs as the commands'."""

import io
import json
import re
import shutil
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import openpyxl
import pytest
from campaign_story import Story, listed_project
from docx import Document
from page_judging import judged
from page_visitor import PageVisitor, contents, text_of
from result_builder import finding_row
from result_builder import project as build_project
from result_builder import result as build_result

from workbook_tools.campaign.folder import Campaign
from workbook_tools.core.codes import Severity
from workbook_tools.core.model import ProjectList
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.files.archives import decode_name
from workbook_tools.page import access, list_pages, visiting
from workbook_tools.page.review_pages import build_index
from workbook_tools.projects import project_list_workbook
from workbook_tools.reports.acceptance import read_acceptances
from workbook_tools.results import read_results, write_results
from workbook_tools.review import Review
from workbook_tools.rules.scheme import load_scheme

ODD = "P01 我们的'表'&\"最终\"#%+😀.xlsx"


def upload(visitor: PageVisitor, *files: tuple[str, bytes]) -> str:
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    answer = visitor.post("inbox/upload", files=sent)
    assert answer.status_code == 303, text_of(answer)
    return text_of(visitor.get(answer.headers["location"]))


# -- the same as the commands ---------------------------------------------------------------------------------------


def test_each_action_gives_the_same_files_as_its_command(root: Path, tmp_path: Path, wbt) -> None:
    shutil.rmtree(root / "下发")
    twin = Path(shutil.copytree(root, tmp_path / "别处" / "2024年自评"))
    visitor = PageVisitor(tmp_path, root)
    steps = (
        (("generate",), "issue/generate", {}, "下发"),
        (("pack",), "issue/pack", {}, "下发"),
        (("review",), "inbox/review", {}, "审核"),
        (("return", "--errors-only"), "review/return", {"errors_only": "1"}, "退回"),
        (("return", "--project", "P02"), "project/P02/return", {}, "退回"),
        (("report",), "report/write", {}, "报告"),
        (("merge",), "summary/merge", {}, "汇总"),
    )
    for command, path, form, folder in steps:
        _, said = wbt(*command, cwd=twin)
        told = visitor.do(path, form)
        assert "办好了" in told, told
        assert contents(root / folder) == contents(twin / folder), (said, told)
    visitor.leave()


def test_what_is_wrong_is_read_whole_on_the_page_and_who_was_returned_is_seen_in_the_list(
    reviewed: PageVisitor, root: Path
) -> None:
    """审核结果.xlsx cuts its rows and says 见问题明细; the page has no such sheet."""
    result = read_results(root / "审核").result
    fault = next(row for row in result.findings if row.project_code == "P02" and row.severity is Severity.ERROR)
    more = [replace(fault, message=f"第{n}处：" + "很长的话" * 40 + "。完", cell=f"H{n}") for n in range(20, 26)]
    changed = result.model_copy(update={"findings": (*result.findings, *more)})
    write_results(Review(HeldParts(changed), folder=root / "回收"), root / "审核")
    reviewed.desk.folders[reviewed.base.split("/")[2]].forget()
    page = text_of(reviewed.get("project/P02"))
    assert page.count("很长的话。完") == 6 and "见问题明细" not in page and "另有 3 种" in page
    assert "已退回" not in text_of(reviewed.get("review"))
    reviewed.do("project/P02/return")
    assert text_of(reviewed.get("review")).count("已退回，等重报") == 1


def test_a_copy_that_came_back_is_not_to_be_sent_again(reviewed: PageVisitor, root: Path) -> None:
    """It lies in 退回 until the next return archives it, under 要发给单位的文件."""
    reviewed.do("project/P02/return")
    page = text_of(reviewed.get("review"))
    assert "要发给单位的文件：" in page and "不要再发" not in page
    assert "10 个项目还没有报来，1 个退回后还没有重报，" in text_of(reviewed.get())
    story = Story(Campaign.open(root))
    story.send_copy("乙/改好.xlsx", story.returned("表 二.xlsx"), 9, indicator_001_actual=102)
    reviewed.do("inbox/review")
    page = text_of(reviewed.get("review"))
    assert "退回里有 1 个副本不要再发：“表 二.xlsx”（单位已经重新报来）" in page
    assert "要发给单位的文件：" not in page and "没有还要发给单位的" in page  # the notice is left
    reviewed.get(reviewed.post("review/archive", {}).headers["location"])
    assert "不要再发" not in text_of(reviewed.get("review"))
    assert [path.name for path in (root / "退回/归档").rglob("*.xlsx")] == ["表 二.xlsx"]


def test_a_department_that_was_renamed_is_not_said_to_be_packed(root: Path, visitor: PageVisitor) -> None:
    visitor.do("issue/pack")
    assert "都打好了" in text_of(visitor.get("issue"))
    path = root / "项目清单.json"
    path.write_text(path.read_text("utf-8").replace("清河县教育局", "清河县教育体育局"), "utf-8")
    page = text_of(visitor.get("issue"))
    assert "都打好了" not in page and page.count("没有它的压缩包，请重新打包") == 1


def test_where_nothing_that_came_can_be_used_nothing_is_to_be_presented(root: Path, visitor: PageVisitor) -> None:
    shutil.rmtree(root / "回收")
    (root / "回收").mkdir()
    (root / "回收/P01.xlsx").write_bytes(b"PK damaged")
    assert "0 个项目" in visitor.do("inbox/review")
    assert "还没有可以采用的" in text_of(visitor.get("review"))
    assert "审核以后还没有汇总" not in text_of(visitor.get())


def test_without_a_list_one_is_told_where_to_go(root: Path, visitor: PageVisitor) -> None:
    (root / "项目清单.json").unlink()
    page = visitor.get("issue")
    assert page.status_code == 200 and "先去“清单”页" in page.text


def test_who_skips_the_mistakes_of_the_list_is_led_back_to_it(root: Path, visitor: PageVisitor) -> None:
    """生成 said: see 清单; 打包 said: 生成 first; and so round and round."""
    path = root / "项目清单.json"
    listed = json.loads(path.read_bytes())
    listed["projects"][-1]["code"] = "P13"
    listed["projects"][-1]["indicators"][0]["weight"] += 1
    path.write_text(json.dumps(listed), "utf-8")
    told = "1 个项目在清单里有错误（P13 P12号项目），不生成工作簿，所在的部门也不能打包：先到“清单”页改好"
    assert told in visitor.do("issue/pack")
    page = visitor.get("issue").text
    assert told in text_of(visitor.get("issue")) and page.count("清单有误") == 1


def test_what_was_taken_in_and_not_reviewed_is_not_to_be_dunned(visitor: PageVisitor, root: Path) -> None:
    (root / "回收/P07.rar").write_bytes(b"Rar!")
    told = text_of(visitor.get("inbox"))
    assert "有 2 个文件收下了还没有审核" in told and "先审核，再催报" in told
    assert "看不出是哪个项目的" not in told
    visitor.do("inbox/review")
    upload(visitor, ("P08.xlsx", b"x"))
    for page in ("review", "summary", "report"):
        assert "审核以后又有 1 个文件收到" in text_of(visitor.get(page)), page
    told = text_of(visitor.get("inbox"))
    assert "先审核，再催报" in told and "收到的“P07.rar”不能用" in told


def test_a_cause_that_projects_have_in_common_counts_for_each() -> None:
    one, two = build_project(1), build_project(2)
    rows = tuple(finding_row(own, "CROSS02", shares_with=other.code) for own, other in ((one, two), (two, one)))
    index = build_index(build_result([one, two], findings=rows))
    assert index.counts == {(one.code, "提醒"): 1, (two.code, "提醒"): 1}


# -- taking in ------------------------------------------------------------------------------------------------------


def test_odd_names_and_folders_are_taken_in_and_told(visitor: PageVisitor, office: Story, root: Path) -> None:
    data = (office.campaign.root / "回收/甲.xlsx").read_bytes()
    (root / "回收/甲.xlsx").unlink()
    told = upload(visitor, (ODD, data), ("教育局/佐证 1/照片 '一'.txt", b"x"))
    assert "收下 2 个文件" in told
    names = {path.relative_to(root / "回收").as_posix() for path in (root / "回收").rglob("*") if path.is_file()}
    assert names == {"P01 我们的'表'&＂最终＂#%+😀.xlsx", "教育局/佐证 1/照片 '一'.txt", "乙/表 二.xlsx"}
    assert "审核了 2 个文件" in visitor.do("inbox/review")
    page = text_of(visitor.get("inbox"))
    assert "P01 我们的'表'&＂最终＂#%+😀.xlsx" in page and "P01 P01号项目" in page
    assert visitor.get("project/P01").status_code == 200
    download = visitor.get("file/回收/P01 我们的'表'%26＂最终＂%23%25+😀.xlsx")
    assert download.content == data and "attachment" in download.headers["content-disposition"]


def test_nothing_leaves_the_inbox_upwards_and_nothing_there_is_replaced(visitor: PageVisitor, root: Path) -> None:
    before = (root / "回收/甲.xlsx").read_bytes()
    told = upload(
        visitor, ("../../wbt.toml", b"bad"), ("甲.xlsx", b"another"), ("甲.xlsx", before), ("/etc/CON.xlsx", b"1")
    )
    assert "收下 3 个文件" in told and "1 个原来就有" in told and "1 个与已有的同名" in told
    assert (root / "回收/甲.xlsx").read_bytes() == before and (root / "回收/甲（2）.xlsx").read_bytes() == b"another"
    assert "bad" not in (root / "wbt.toml").read_text("utf-8") and (root / "回收/wbt.toml").read_bytes() == b"bad"
    assert (root / "回收/etc/_CON.xlsx").is_file()


@pytest.mark.parametrize(
    "path", [".wbt/signing.key", "wbt.toml", "回收/../.wbt/signing.key", "%2e%2e/x", "日志/wbt.log"]
)
def test_only_what_is_meant_for_people_is_downloaded(visitor: PageVisitor, path: str) -> None:
    assert visitor.get(f"file/{path}").status_code in (404, 409)


def test_an_upload_of_a_gigabyte_is_refused_before_and_while_it_comes(
    visitor: PageVisitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = visitor.post("inbox/upload", content=b"", headers={"Content-Length": "1000000000"})
    assert refused.status_code == 413
    monkeypatch.setattr(access, "MAX_UPLOAD", 2_000_000)
    many = visitor.post("inbox/upload", files={"files": ("大.xlsx", io.BytesIO(bytes(3_000_000)))})
    assert (many.status_code, (root / "回收/大.xlsx").exists()) == (413, False)


def test_a_full_disk_takes_nothing_in_and_says_so(
    visitor: PageVisitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    answer = visitor.post("inbox/upload", files={"files": ("新.xlsx", b"1")})
    assert answer.status_code == 409 and "磁盘已满" in text_of(answer)
    assert [path.name for path in (root / "回收").iterdir() if "新" in path.name or path.name.startswith(".")] == []


def test_a_reminder_is_written_as_the_command_writes_it(visitor: PageVisitor, root: Path) -> None:
    visitor.do("inbox/review")
    assert visitor.post("inbox/remind").status_code == 303
    letter = (root / "催报通知.txt").read_text("utf-8-sig")
    page = visitor.get("inbox")
    assert "P03号项目" in letter and "还缺 10 个项目" in text_of(page) and letter.splitlines()[0] in page.text
    story = Story(Campaign.open(root))
    story.send("丙.xlsx", "P03", 4)
    visitor.do("inbox/review")
    page = visitor.get("inbox")
    assert "不要照它发" in page.text and "P03，" not in page.text, (
        "P03 has come since: its department is not to be reminded"
    )
    visitor.post("inbox/remind")
    page = visitor.get("inbox")
    assert "不要照它发" not in page.text and "P04，" in page.text


def test_mistakes_of_a_json_list_say_entry_and_field_and_stand_in_a_picture(visitor: PageVisitor, root: Path) -> None:
    listed = ProjectList(year=2024, projects=(listed_project("P01"), listed_project("P02")))
    data = json.loads(listed.model_dump_json())
    data["projects"][0]["indicators"][0]["weight"] = 1
    data["projects"][1]["indicators"][0]["weight"] = "很多"
    (root / "项目清单.xlsx").unlink(missing_ok=True)
    (root / "项目清单.json").write_text(json.dumps(data, indent=1), "utf-8")
    page = visitor.get("list")
    rows = [text_of(SimpleNamespace(text=row)) for row in page.text.partition("<tbody>")[2].split("</tr>")]
    assert any("LIST04" in row and "第2个项目第1个指标（第" in row and "权重" in row for row in rows), rows
    assert any("LIST05" in row and "第1个项目“P01号项目”第1个指标（第" in row for row in rows), rows
    assert 'class="at-error"' in page.text and "画成 项目清单.xlsx 的样子" in text_of(page)


# -- reviewing ------------------------------------------------------------------------------------------------------


def test_projects_stand_errors_first_and_can_be_chosen(reviewed: PageVisitor) -> None:
    page = reviewed.get("review")
    assert re.findall(r'project/(P\d\d)"', page.text) == ["P02", "P01"]
    assert re.findall(r'project/(P\d\d)"', reviewed.get("review?state=待更正").text) == ["P02"]
    assert re.findall(r'project/(P\d\d)"', reviewed.get("review?word=P01").text) == ["P01"]
    assert "没有这样的项目" in text_of(reviewed.get("review?department=没有"))


def test_a_project_shows_its_form_with_what_is_wrong_at_its_cell(reviewed: PageVisitor, root: Path) -> None:
    result = read_results(root / "审核").result
    page = reviewed.get("project/P02").text
    (wrong,) = [row for row in result.findings if row.project_code == "P02" and row.severity.value == "error"]
    name = f"c-{wrong.sheet.encode().hex()}-{wrong.cell}"
    cell = re.search(rf'<td id="{name}" class="at-error" title="([^"]*)"[^>]*>([^<]*)</td>', page)
    assert cell and wrong.code in cell[1] and cell[2] == "很多"
    assert f'href="#{name}"' in page
    told = text_of(reviewed.get("project/P02"))
    assert all(row.explanation in told for row in result.indicators if row.project_code == "P02")
    assert 'rel="next" href' in page and 'rel="prev"' not in page


def test_an_unknown_project_is_told(reviewed: PageVisitor) -> None:
    assert reviewed.get("project/P99").status_code == 409
    assert reviewed.post("project/P99/judge", {"key": "x"}).status_code == 409


def test_a_score_is_judged_as_if_it_were_typed_into_the_workbook(reviewed: PageVisitor, root: Path, wbt) -> None:
    before = read_results(root / "审核").result
    assert judged(reviewed, root, "１５分").status_code == 303
    stored = read_results(root / "审核")
    row = next(row for row in stored.result.indicators if row.project_code == "P01" and row.name == "养护里程")
    assert (row.reviewed_score, row.review_reason, row.reviewed_by, row.reviewed_from) == (15, "现场核实", "王强", 20)
    assert "核定 15 分：现场核实（王强" in text_of(reviewed.get("project/P01"))
    page = {name: (root / "审核" / f"审核结果.{name}").read_bytes() for name in ("json", "xlsx")}
    wbt("review", cwd=root)  # a review reads what was typed, and writes the same
    assert {name: (root / "审核" / f"审核结果.{name}").read_bytes() for name in page} == page
    (root / "回收/新.xlsx").write_bytes(b"")
    assert judged(reviewed, root, "").status_code == 303
    assert "有 1 个文件还没有审核" in text_of(reviewed.get("inbox"))  # what came before 核定 is not taken for reviewed
    assert read_results(root / "审核").result == before


@pytest.mark.parametrize(
    ("score", "reason", "by"),
    [("30", "理由", "王强"), ("十分", "理由", "王强"), ("10", "", "王强"), ("10", "理由", "")],
)
def test_a_wrong_judgement_changes_nothing(reviewed: PageVisitor, root: Path, score: str, reason: str, by: str) -> None:
    before = contents(root / "审核")
    answer = judged(reviewed, root, score, reason, by)
    assert (answer.status_code, "没有改动" in text_of(answer)) == (409, True)
    assert contents(root / "审核") == before


def test_what_is_accepted_is_in_the_ledger_and_in_the_result(reviewed: PageVisitor, root: Path) -> None:
    assert "已接收 1 个项目" in text_of(
        reviewed.get(reviewed.post("project/P01/accept", {"who": "王强"}).headers["location"])
    )
    found = {row.code: (row.state.value, row.accepted_by) for row in read_results(root / "审核").result.projects}
    assert found == {"P01": ("已接收", "王强"), "P02": ("待更正", "")}
    assert 'value="王强"' in reviewed.get("project/P02").text
    assert "已接收 0 个项目" in text_of(
        reviewed.get(reviewed.post("review/accept", {"who": "王强"}).headers["location"])
    )


def test_a_project_with_errors_is_accepted_only_when_one_is_sure_and_then_never_goes_back(
    reviewed: PageVisitor, root: Path
) -> None:
    page = reviewed.get("project/P02").text
    assert page.index("退回这个项目") < page.index('name="sure"')
    assert reviewed.post("project/P02/accept", {"who": "王强"}).status_code == 409
    assert [row.accepted_by for row in read_results(root / "审核").result.projects] == ["", ""]
    assert reviewed.post("project/P02/accept", {"who": "王强", "sure": "1"}).status_code == 303
    assert "没有需要退回的文件" in reviewed.do("review/return")
    assert "退回这个项目" not in reviewed.get("project/P02").text


def test_what_was_sent_is_downloaded_out_of_its_archive_too(reviewed: PageVisitor, root: Path) -> None:
    path = root / "回收" / "甲.xlsx"
    data = path.read_bytes()
    assert reviewed.get("project/P01/form").content == data
    with zipfile.ZipFile(root / "回收" / "邮件.zip", "w") as archive:
        archive.writestr("里面/甲.xlsx", data)
    path.unlink()
    reviewed.do("inbox/review")
    answer = reviewed.get("project/P01/form")
    assert (answer.content, answer.headers["content-disposition"]) == (
        data,
        "attachment; filename*=UTF-8''%E7%94%B2.xlsx",
    )
    assert reviewed.get("project/P09/form").status_code == 409


def test_the_page_of_a_project_that_was_sent_back_gives_what_is_sent(reviewed: PageVisitor) -> None:
    assert "已经退回" not in text_of(reviewed.get("project/P02"))
    reviewed.do("project/P02/return")
    page = reviewed.get("project/P02").text
    links = re.findall(r'href="([^"]+/file/%E9%80%80%E5%9B%9E/[^"]+)"', page)
    assert [unquote(link).rpartition("/")[2] for link in links] == ["表 二.xlsx", "退回通知（P02）.docx"]
    assert {reviewed.get(link).status_code for link in links} == {200}


def test_what_goes_back_to_a_department_is_had_as_a_zip_of_its_own(reviewed: PageVisitor, root: Path) -> None:
    reviewed.do("review/return")
    (root / "退回/水务局").mkdir()
    (root / "退回/水务局/退回通知.docx").write_bytes("水务局".encode())
    found = re.findall(r"(\w+) 的（一个 zip，(\d) 个文件）", reviewed.get("review").text)
    assert found == [("水务局", "1"), ("清河县教育局", "2")]
    answer = reviewed.get("zip/退回?of=水务局")
    assert unquote(answer.headers["content-disposition"]).endswith("2024年度退回_水务局.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert list(map(decode_name, archive.infolist())) == ["退回通知.docx"]
    assert reviewed.get("zip/退回?of=..").status_code == 409


def test_what_is_typed_in_excel_is_seen_at_once(reviewed: PageVisitor, root: Path) -> None:
    reviewed.get("project/P01")
    path = root / "审核/审核结果.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["指标得分"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "核定得分" for cell in row))
    columns = {cell.value: cell.column for cell in head}
    line = next(
        r for r in range(head[0].row + 1, sheet.max_row) if sheet.cell(r, columns["三级指标"]).value == "养护里程"
    )
    for name, value in (("核定得分", 11), ("核定理由", "在表里写的"), ("核定人", "李敏")):
        sheet.cell(line, columns[name]).value = value
    book.save(path)
    code = sheet.cell(line, columns["项目编码"]).value
    assert "在表里写的" in text_of(reviewed.get(f"project/{code}"))


# -- the list, what leaves the office -----------------------------------------------------------------------------------


def test_departments_lists_are_shown_as_one_and_each_is_replaced_by_its_name(visitor: PageVisitor, root: Path) -> None:
    def write(code: str) -> bytes:
        return ProjectList(year=2024, projects=(listed_project(code),)).model_dump_json().encode()

    def put(name: str, code: str) -> str:
        return text_of(
            visitor.get(visitor.post("list/upload", files={"files": (name, write(code))}).headers["location"])
        )

    folder = root / "项目清单"
    folder.mkdir()
    (folder / "公安.json").write_bytes(write("G01"))
    told = put("交通.json", "G01")
    assert "项目清单/公安.json" in told and "项目清单/交通.json" in told
    assert "LIST03" in told and "项目编码与“项目清单/交通.json”里的重复" in told
    told = put("公安.json", "G02")
    assert "LIST03" not in told and "手工修改稿1" in told
    assert visitor.get("file/项目清单/公安.json").content == write("G02")


def test_several_lists_at_once_are_those_of_departments(visitor: PageVisitor, root: Path) -> None:
    def write(code: str) -> bytes:
        return ProjectList(year=2024, projects=(listed_project(code),)).model_dump_json().encode()

    lists = {"公安.json": write("G01"), "交通.json": write("G02"), "空.json": b"{}"}
    answer = visitor.post("list/upload", files=[("files", item) for item in lists.items()])
    told = text_of(visitor.get(answer.headers["location"]))
    assert "收下 2 份清单，2 个项目" in told and "没有换上“空.json”" in told and "14 个项目" in told
    assert sorted(path.name for path in (root / "项目清单").iterdir()) == ["交通.json", "公安.json"]
    assert not (root / "旧表").exists()


def test_a_long_list_is_told_of_while_it_is_read(
    visitor: PageVisitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting, "_MOMENT", 0)
    go, read = threading.Event(), list_pages.replace_list
    monkeypatch.setattr(list_pages, "replace_list", lambda *given: go.wait(20) and read(*given))
    sent = {
        "files": ("清单.json", ProjectList(year=2024, projects=(listed_project("G01"),)).model_dump_json().encode())
    }
    place = visitor.post("list/upload", files=sent).headers["location"]
    told = text_of(visitor.get(place))
    assert "正在读“清单.json”，逐个项目、逐个指标核对" in told
    assert visitor.post("list/upload", files=sent).status_code == 409
    go.set()
    assert "已换上“清单.json”，有 1 个项目。" in visitor.wait(place)
    assert "1 个项目" in text_of(visitor.get("list"))


def test_a_list_in_another_format_is_called_one(visitor: PageVisitor, root: Path) -> None:
    listed = ProjectList(year=2024, scheme="mof-2020", projects=(listed_project("P01"),))
    data = project_list_workbook(listed, load_scheme("mof-2020"))
    answer = visitor.post("list/upload", files={"files": ("清单.xlsm", data)})
    assert answer.status_code == 409 and "“清单.xlsm”是 .xlsm 的" in text_of(answer)
    assert not (root / "旧表").exists()


def test_a_list_is_put_in_place_of_the_one_there_is_and_its_mistakes_are_shown_at_their_cells(
    visitor: PageVisitor, root: Path
) -> None:
    listed = ProjectList(year=2024, scheme="mof-2020", projects=(listed_project("P01"),))
    book = openpyxl.load_workbook(io.BytesIO(project_list_workbook(listed, load_scheme("mof-2020"))))
    sheet = book["指标"]
    weight = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 20)
    weight.value = 21
    place = f"指标!{weight.coordinate}"
    file = io.BytesIO()
    book.save(file)
    sent = {"files": ("新的 '清单'.xlsx", file.getvalue())}
    told = text_of(visitor.get(visitor.post("list/upload", files=sent).headers["location"]))
    assert "有 1 个项目" in told and "原来的清单另存为" in told and "LIST05" in told and place in told
    page = visitor.get("list").text
    assert re.search(r'<td id="c-[0-9a-f]+-[A-Z]+\d+" class="at-error" title="错误 LIST05', page)
    assert (root / "项目清单.xlsx").read_bytes() == file.getvalue() and not (root / "项目清单.json").exists()
    for name, data in (("坏.xlsx", b"x"), ("空.json", b"{}")):
        assert visitor.post("list/upload", files={"files": (name, data)}).status_code == 409
    assert (root / "项目清单.xlsx").read_bytes() == file.getvalue()


def test_a_draft_is_read_changed_and_accepted_and_the_report_has_it(reviewed: PageVisitor, root: Path) -> None:
    result = read_results(root / "审核").result
    project = result.projects[0].model_copy(update={"texts": dict.fromkeys(result.projects[0].texts, "")})
    result = result.model_copy(update={"projects": (project, *result.projects[1:])})
    write_results(Review(HeldParts(result), folder=root / "回收"), root / "审核")
    reviewed.desk.folders[reviewed.base.split("/")[2]].forget()
    page = reviewed.get("report").text
    key = next(key for key in re.findall(r'name="key" value="([^"]*)"', page) if f"\x1f{project.code}\x1f" in key)
    form = {"key": key, "text": "改过的话。", "by": "王强", "do": "accept"}
    assert reviewed.post("report/settle", form).status_code == 303
    accepted = read_acceptances(root / "审核/审核结果.json")
    assert [(item.project_code, item.by) for item in accepted.accepted] == [(project.code, "王强")]
    assert [item.text for item in accepted.edited] == ["改过的话。"]
    assert "写好" in reviewed.do("report/write")
    (report,) = (root / "报告").rglob(f"{project.code}_*.docx")
    said = "\n".join(paragraph.text for paragraph in Document(str(report)).paragraphs)
    assert "改过的话。" in said
    reviewed.post("report/settle", {**form, "do": "withdraw"})
    assert read_acceptances(root / "审核/审核结果.json").accepted == ()
    assert reviewed.post("report/settle", {**form, "key": "x"}).status_code == 409


def test_a_draft_of_a_report_on_several_projects_is_changed_here_as_in_its_workbook(
    reviewed: PageVisitor, root: Path
) -> None:
    assert "写好" in reviewed.do("report/write")
    page = reviewed.get("report").text
    codes = {project.code for project in read_results(root / "审核").result.projects}
    keys = re.findall(r'name="key" value="([^"]*)"', page)
    *_, key = (key for key in keys if key.split("\x1f")[1] not in codes)
    book = openpyxl.load_workbook(root / "报告/报告文字.xlsx")
    sheet = book["报告文字"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "定稿文字" for cell in row))
    columns = {cell.value: cell.column for cell in head}
    other = next(row for row in range(head[0].row + 1, sheet.max_row + 1) if sheet.cell(row, columns["编号"]).value)
    sheet.cell(other, columns["定稿文字"]).value = "在 Excel 里写的。"
    book.save(root / "报告/报告文字.xlsx")
    form = {"key": key, "text": "在网页上改的。", "by": "王强", "do": "accept"}
    assert reviewed.post("report/settle", form).status_code == 303
    typed = [
        cell.value
        for row in openpyxl.load_workbook(root / "报告/报告文字.xlsx")["报告文字"].iter_rows()
        for cell in row
    ]
    assert {"在网页上改的。", "在 Excel 里写的。"} <= set(typed)
    assert "写好" in reviewed.do("report/write")
    accepted = read_acceptances(root / "审核/审核结果.json")
    assert {item.text for item in accepted.edited} == {"在网页上改的。", "在 Excel 里写的。"}
    assert [item.by for item in accepted.accepted] == ["王强"]
    said = [paragraph.text for path in (root / "报告").rglob("*.docx") for paragraph in Document(str(path)).paragraphs]
    assert any("在网页上改的。" in text for text in said)


def test_all_outputs_come_in_one_zip(reviewed: PageVisitor, root: Path) -> None:
    assert reviewed.get("zip/汇总").status_code == 409
    assert "写好" in reviewed.do("summary/merge")
    with zipfile.ZipFile(io.BytesIO(reviewed.get("zip/汇总").content)) as archive:
        assert {decode_name(entry): archive.read(entry) for entry in archive.infolist()} == contents(root / "汇总")
    page = text_of(reviewed.get("summary"))
    assert "等级（2 个项目，另有 10 个没有报）" in page and "汇总_全部.xlsx" in page
    assert reviewed.get("zip/.wbt").status_code == 409


def test_the_next_year_is_begun_from_this_one(reviewed: PageVisitor, root: Path) -> None:
    answer = reviewed.post("/next", {"earlier": str(root), "path": str(root.parent / "2025年自评")})
    told = text_of(reviewed.get(answer.headers["location"]))
    assert "12 个项目" in told and "这还是上年的清单" in told and "可以下发了" not in told
    assert Campaign.open(root.parent / "2025年自评").settings.year == 2025


def test_all_results_come_in_one_zip_whatever_the_files_are_called(reviewed: PageVisitor, root: Path) -> None:
    for name in ("报告/甲局/表😀.docx", "报告/甲局/表😂.docx", "汇总/䶮 '一'.xlsx"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    with zipfile.ZipFile(io.BytesIO(reviewed.get("zip/全部结果").content)) as archive:
        found = {decode_name(item): archive.read(item) for item in archive.infolist()}
    assert found["审核/审核结果.xlsx"] == (root / "审核/审核结果.xlsx").read_bytes()
    assert {"报告/甲局/表□.docx", "报告/甲局/表□（2）.docx", "汇总/□ '一'.xlsx"} <= set(found)
    assert not any(name.endswith(".json") for name in found)
    assert reviewed.get("zip/报告").status_code == 200 and reviewed.get("zip/回收").status_code == 409


def test_departments_are_drawn_by_their_mean(reviewed: PageVisitor, root: Path) -> None:
    result = read_results(root / "审核").result
    other = result.projects[0].model_copy(update={"code": "P90", "department": "另一局", "total_score": 55.5})
    whole = result.model_copy(update={"projects": (*result.projects, other)})
    write_results(Review(HeldParts(whole), folder=root / "回收"), root / "审核")
    assert "另一局 55.5（1 个）" in text_of(reviewed.get("summary")).replace("另一局 另一局", "另一局")


def test_drafts_that_were_read_are_ticked_and_accepted_together_unless_one_has_changed(
    reviewed: PageVisitor, root: Path
) -> None:
    ticks = re.findall(r'name="ticked" form="settling" value="([^"]*)"', reviewed.get("report").text)
    assert len(ticks) > 2
    for chosen, told in (([], "请先勾选"), ([*ticks[1:], ticks[0] + "0"], "已经变了")):
        refused = reviewed.post("report/ticked", {"by": "王强", "ticked": chosen})
        assert refused.status_code == 409 and told in text_of(refused)
    assert read_acceptances(root / "审核/审核结果.json").accepted == ()
    told = reviewed.post("report/ticked", {"by": "王强", "ticked": ticks[1:]}).headers["location"]
    assert f"{len(ticks) - 1} 段已确认" in text_of(reviewed.get(told))
    accepted = read_acceptances(root / "审核/审核结果.json").accepted
    assert {(item.year, item.project_code, item.section) for item in accepted} == {
        (int(tick.split("\x1f")[0]), *tick.split("\x1f")[1:3]) for tick in ticks[1:]
    }
    assert "起草的" in reviewed.do("report/write")
