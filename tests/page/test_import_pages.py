"""旧表导入 on the page: forms are taken in and read as the command reads them, doubts are answered beside the original, and both doors see the same."""

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from campaign_story import listed_project
from drawn_sheets import workbook
from page_visitor import PageVisitor, text_of
from result_builder import project as reviewed
from result_builder import result

from workbook_tools.campaign.answering import FILE, list_doubts
from workbook_tools.campaign.doubt_workbook import NUMBER, OPEN, PICK
from workbook_tools.campaign.exchanging import export_tables
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept_readings import FILE as ANSWERS
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.findings import finding
from workbook_tools.core.model import ProjectList
from workbook_tools.files.sources import SourceFile
from workbook_tools.page.pictures import draw_original

FORM = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
项目名称|{name}|<|<|实施单位|公路站|<
门类|细类|看什么|年头数|年终数|份量|拿到
产出指标|数量指标|养护里程|120公里|102公里|50|50
^|质量指标|平整|95%|96%|50|50
"""
FIRST, SECOND = "这一列是什么：年头数", "这一列是什么：年终数"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder whose two old forms were taken in and read on the page."""
    place = tmp_path_factory.mktemp("import")
    root = Campaign.create(place / "2024年自评", Settings(year=2024)).root
    visitor = PageVisitor(place, root)
    forms = {"甲.xlsx": "甲项目", "科室 '一'/乙.xlsx": "乙项目"}
    sent = [("files", (name, workbook(FORM.format(name=title)))) for name, title in forms.items()]
    answer = visitor.post("import/upload", files=sent)
    assert answer.status_code == 303 and "收下 2 个文件" in text_of(visitor.get(answer.headers["location"]))
    told = visitor.do("import/read", {"of": "this"})
    assert "读到 2 个项目、4 个指标" in told and "可以有两种读法" in told, told
    visitor.leave()
    return root


@pytest.fixture
def root(read_once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(read_once, tmp_path / "2024年自评"))


@pytest.fixture
def visitor(root: Path, tmp_path: Path) -> Iterator[PageVisitor]:
    visitor = PageVisitor(tmp_path, root)
    yield visitor
    visitor.leave()


def numbers(root: Path) -> dict[str, str]:
    """Of the doubts that are open, by what is asked."""
    return {one.doubt.key: one.number for one in list_doubts(Campaign.open(root))[0]}


def targets(root: Path) -> list[object]:
    projects = json.loads((root / "项目清单.json").read_text("utf-8"))["projects"]
    return [project["indicators"][0]["target"] for project in projects]


def test_the_list_and_the_doubts_are_those_of_the_command(read_once: Path, tmp_path: Path, wbt) -> None:
    twin = Campaign.create(tmp_path / "别处" / "2024年自评", Settings(year=2024)).root
    shutil.copytree(read_once / "旧表", twin / "旧表")
    wbt("import", "旧表", "--out", "项目清单.xlsx", "--overwrite", cwd=twin)
    for name in ("项目清单.xlsx", "项目清单.json", FILE, ANSWERS):
        assert (read_once / name).read_bytes() == (twin / name).read_bytes(), name


def test_a_doubt_stands_beside_the_original_with_its_cell_marked(visitor: PageVisitor, root: Path) -> None:
    page = visitor.get("import")
    assert FIRST in text_of(page) and "甲.xlsx" in text_of(page) and "项目清单.xlsx" in text_of(visitor.get("list"))
    asked = visitor.get(f"import/{numbers(root)[FIRST]}")
    marked = asked.text.partition('class="at-warning"')[2].partition("</td>")[0]
    assert marked.endswith("年头数") and "现在读作“目标值”" in marked
    assert 'value="实际完成值"' in asked.text and 'rel="next"' in asked.text and len(asked.content) < 1_000_000
    assert visitor.get("import/没有").status_code == 409


def test_an_answer_of_the_page_is_seen_by_the_command_and_the_workbook(visitor: PageVisitor, root: Path, wbt) -> None:
    asked = numbers(root)
    assert visitor.post(f"import/{asked[FIRST]}/answer", {"by": "李四"}).status_code == 409
    first = visitor.post(f"import/{asked[FIRST]}/answer", {"reading": "实际完成值", "by": "李四"})
    assert asked[SECOND] in first.headers["location"] and FIRST not in numbers(root)
    assert 'value="李四"' in visitor.get(first.headers["location"]).text
    visitor.post(f"import/{asked[SECOND]}/answer", {"reading": "目标值", "by": "李四"})
    told = text_of(visitor.get("import"))
    assert "答复过疑问以后还没有再读" in told and "答复过的 2 处" in told
    assert "实际完成值" in str([*openpyxl.load_workbook(root / FILE)["已答复"].values])
    assert wbt("import", "旧表", "--out", "项目清单.xlsx", cwd=root)[0] == 0
    assert targets(root) == [102, 102] and "还没有再读" not in text_of(visitor.get("import"))


def test_reading_again_on_the_page_goes_by_the_answers_and_puts_nothing_aside(visitor: PageVisitor, root: Path) -> None:
    for key, reading in ((FIRST, "实际完成值"), (SECOND, "目标值")):
        visitor.post(f"import/{numbers(root)[key]}/answer", {"reading": reading})
    assert "另存为" not in visitor.do("import/read", {"of": "this"})
    assert targets(root) == [102, 102]


def test_what_was_picked_in_excel_counts_on_the_page(visitor: PageVisitor, root: Path) -> None:
    asked = numbers(root)
    book = openpyxl.load_workbook(root / FILE)
    sheet = book[OPEN]
    head = next(row for row in sheet.iter_rows(max_row=6) if any(cell.value == NUMBER for cell in row))
    at = {cell.value: cell.column - 1 for cell in head}
    for row in sheet.iter_rows():
        if row[at[NUMBER]].value == asked[FIRST]:
            row[at[PICK]].value = "实际完成值"
    book.save(root / FILE)
    visitor.post(f"import/{asked[SECOND]}/answer", {"reading": "目标值"})
    kept = list_doubts(Campaign.open(root))[1]
    assert {one.doubt.key: one.kept.reading for one in kept if one.kept} == {FIRST: "实际完成值", SECOND: "目标值"}


def test_an_answer_is_changed_and_taken_back(visitor: PageVisitor, root: Path) -> None:
    number = numbers(root)[FIRST]
    visitor.post(f"import/{number}/answer", {"reading": "实际完成值"})
    assert "答复过的疑问" in text_of(visitor.get(f"import/{number}"))
    assert visitor.post(f"import/{number}/answer", {"reading": "别的内容"}).headers["location"].endswith("%E3%80%82")
    assert [one.kept.reading for one in list_doubts(Campaign.open(root))[1] if one.kept] == ["别的内容"]
    visitor.post(f"import/{number}/answer", {"do": "withdraw"})
    assert list_doubts(Campaign.open(root))[1] == []
    assert visitor.post(f"import/{numbers(root)[SECOND]}/answer", {"reading": "瞎写"}).status_code == 409


def test_forms_dropped_on_the_list_go_to_the_importer_and_lists_do_not(visitor: PageVisitor, root: Path) -> None:
    before = (root / "项目清单.xlsx").read_bytes()
    form, listed = workbook(FORM.format(name="丙项目")), ProjectList(year=2024, projects=(listed_project("P01"),))
    for name, content in (("丙.xlsx", form), ("丙.csv", "项目支出绩效自评表".encode("gb18030")), ("丁.docx", b"PK")):
        answer = visitor.post("list/upload", files=[("files", (name, content))])
        assert "/import?" in answer.headers["location"] and (root / "旧表" / name).read_bytes() == content
    assert (root / "项目清单.xlsx").read_bytes() == before
    for name, content in (("甲.json", listed.model_dump_json().encode()), ("乙.xlsx", before)):
        answer = visitor.post("list/upload", files=[("files", (name, content))])
        assert "/list?" in answer.headers["location"] and not (root / "旧表" / name).exists()
    assert visitor.post("list/upload", files=[("files", ("坏.json", b"{"))]).status_code == 409


def test_last_years_forms_become_this_years_list_and_the_one_there_is_kept(visitor: PageVisitor, root: Path) -> None:
    (root / "项目清单.xlsx").unlink()
    before = ProjectList(year=2024, projects=(listed_project("P01"),)).model_dump_json().encode()
    (root / "项目清单.json").write_bytes(before)
    assert "原来的清单另存为“项目清单（手工修改稿1）.json”" in visitor.do("import/read", {"of": "last"})
    assert (root / "项目清单（手工修改稿1）.json").read_bytes() == before
    project = json.loads((root / "项目清单.json").read_text("utf-8"))["projects"][0]
    assert (project["year"], "answers" in project) == (2025, False)
    assert "2 个项目" in text_of(visitor.get("list"))


def test_where_departments_have_lists_the_imported_one_stands_beside_them(visitor: PageVisitor, root: Path) -> None:
    (root / "项目清单.xlsx").unlink()
    (root / "项目清单.json").unlink()
    listed = ProjectList(year=2024, projects=(listed_project("P01"),))
    (root / "项目清单").mkdir()
    (root / "项目清单/教育局.json").write_text(listed.model_dump_json(), "utf-8")
    visitor.do("import/read", {"of": "this"})
    assert (root / "项目清单.xlsx").exists() and "3 个项目" in text_of(visitor.get("list"))


def test_what_is_no_form_is_said_and_the_list_stays(tmp_path: Path) -> None:
    root = Campaign.create(tmp_path / "2024年自评", Settings(year=2024), b"list").root
    visitor = PageVisitor(tmp_path, root)
    assert "没有要答的" in text_of(visitor.get("import"))
    sent = ("随便.xlsx", workbook("甲|乙\n1|2")), ("照片.jpg", b"x")
    visitor.post("import/upload", files=[("files", one) for one in sent])
    assert "“照片.jpg”：是图片（照片或扫描件），读不了里面的内容" in text_of(visitor.get("import"))
    told = visitor.do("import/read")
    assert "没有认出自评表，清单没有改动" in told and "随便.xlsx" in told
    assert (root / "项目清单.xlsx").read_bytes() == b"list"
    visitor.leave()


def test_the_place_in_a_word_report_is_marked(tmp_path: Path) -> None:
    import docx

    document, path = docx.Document(), tmp_path / "报告.docx"
    document.add_paragraph("全年支出 98 万元。")
    table = document.add_table(2, 2)
    table.cell(1, 1).text = "年头数"
    document.save(str(path))
    for sheet, cell, text in (("表格1", "第2行第2格", "年头数"), ("正文", "第1段", "全年支出 98 万元。")):
        pictures, link = draw_original(SourceFile(path, path.name), finding("IMPORT02", sheet=sheet, cell=cell))
        marked = [one for picture in pictures for _, cells in picture.lines for one in cells if one.level]
        assert [(one.id, one.text) for one in marked] == [(link, text)]


def test_forms_are_read_from_wherever_they_lie_as_the_command_reads_them(tmp_path: Path, wbt) -> None:
    elsewhere = tmp_path / "U 盘 '旧'"
    elsewhere.mkdir()
    (elsewhere / "甲.xlsx").write_bytes(workbook(FORM.format(name="甲项目")))
    roots = [Campaign.create(tmp_path / name / "2024年自评", Settings(year=2024)).root for name in ("页", "令")]
    for root in roots:
        (root / "回收/乙.xlsx").write_bytes(workbook(FORM.format(name="乙项目")))
    visitor = PageVisitor(tmp_path, roots[0])
    assert visitor.post("import/read").status_code == 409  # nothing is there yet
    found = visitor.get(f"/browse?at={elsewhere}&for=import&of={visitor.base.split('/')[2]}")
    link = re.findall(r'href="([^"]*import\?place=[^"]*)"', found.text)[0]
    page = visitor.get(unescape(link)).text
    assert f'value="{elsewhere}" checked' in unescape(page) and 'value="回收"' in page
    assert "找不到" in visitor.do("import/read", {"of": "this", "from": str(tmp_path / "没有")})
    told = visitor.do("import/read", {"of": "this", "from": ["回收", str(elsewhere), ""]})
    assert "读到 2 个项目" in told, told
    wbt("import", "回收", str(elsewhere), "--out", "项目清单.xlsx", "--overwrite", cwd=roots[1])
    for name in ("项目清单.xlsx", "项目清单.json", FILE, ANSWERS):
        assert (roots[0] / name).read_bytes() == (roots[1] / name).read_bytes(), name
    for number in numbers(roots[0]).values():
        assert 'class="at-warning"' in visitor.get(f"import/{number}").text  # beside the original, wherever it lies
    visitor.leave()


def test_tables_of_another_system_become_the_list_as_by_the_command(tmp_path: Path, wbt) -> None:
    export_tables(None, result([reviewed(1), reviewed(2)], missing=()), "一体化", tmp_path / "导出.xlsx")
    data = (tmp_path / "导出.xlsx").read_bytes()
    roots = [Campaign.create(tmp_path / name / "2023年自评", Settings(year=2023)).root for name in ("页", "令")]
    for root in roots:
        before = ProjectList(year=2023, projects=(listed_project("P01"),)).model_dump_json()
        (root / "项目清单.json").write_text(before, "utf-8")
    visitor = PageVisitor(tmp_path, roots[0])
    sent = {"files": ("导出.xlsx", data)}
    assert visitor.post("import/tables/upload", {"format": "没有"}, files=sent).status_code == 409
    assert visitor.post("import/tables/upload", {"format": "一体化"}).status_code == 409
    told = visitor.do("import/tables/upload", {"format": "一体化"}, files=sent)
    assert "读到 2 个项目" in told and "原来的清单另存为“项目清单（手工修改稿1）.json”" in told, told
    command = ("import", str(tmp_path / "导出.xlsx"), "--from", "一体化", "--out", "项目清单.xlsx", "--overwrite")
    wbt(*command, cwd=roots[1])
    for name in ("项目清单.xlsx", "项目清单.json"):
        assert (roots[0] / name).read_bytes() == (roots[1] / name).read_bytes(), name
    assert "另存为" not in visitor.do("import/tables/upload", {"format": "一体化"}, files=sent)
    assert "没有项目" in visitor.do(
        "import/tables/upload", {"format": "一体化"}, files={"files": ("空.xlsx", workbook("甲|乙\n1|2"))}
    )
    assert reviewed(1).name in text_of(visitor.get("list"))
    visitor.leave()
