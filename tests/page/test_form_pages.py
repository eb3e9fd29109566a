"""模板 and 与上年比较 on the page: forms are put in, tried out and told of; both years stand beside each other as in 汇总."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from page_visitor import PageVisitor, text_of
from prescribed_forms import write_yearly_report
from result_builder import pending, project, result
from two_years import compare

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import FORM_FOLDER
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import templates_folder
from workbook_tools.results import write_results
from workbook_tools.results.two_years import list_pairs, list_repeated_losses
from workbook_tools.review import Review
from workbook_tools.summary.names import SUPERIOR_FOLDER

FOUND = compare(result([*map(project, range(6)), pending(12)]))


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder whose result was compared with the year before."""
    return make(tmp_path_factory.mktemp("years") / "自评", FOUND)


def make(root: Path, found: ReviewResult) -> Path:
    campaign = Campaign.create(root, Settings(year=found.year))
    write_results(Review(HeldParts(found), folder=campaign.folder("回收")), campaign.folder("审核"))
    return root


@pytest.fixture
def root(beside: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(beside, tmp_path / "自评"))


@pytest.fixture
def visitor(root: Path, tmp_path: Path) -> Iterator[PageVisitor]:
    visitor = PageVisitor(tmp_path, root)
    yield visitor
    visitor.leave()


def put(visitor: PageVisitor, name: str, data: bytes, **form: str) -> str:
    answer = visitor.post("forms/upload", form, files={"files": (name, data)})
    return text_of(answer if answer.status_code == 409 else visitor.get(answer.headers["location"]))


def draw_yearly(tmp_path: Path) -> bytes:
    write_yearly_report(tmp_path / "表.xlsx", "部门=没有的局")
    return (tmp_path / "表.xlsx").read_bytes()


def draw_sheet(text: str) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = text
    book.save(file)
    return file.getvalue()


# -- two years --------------------------------------------------------------------------------------------------------


def test_both_years_stand_beside_each_other(visitor: PageVisitor) -> None:
    page = text_of(visitor.get("years"))
    pairs, losses = list(list_pairs(FOUND)), list_repeated_losses(FOUND)
    assert f"{FOUND.compared_with} 年度和 {FOUND.year} 年度" in page and f"两年都失分的 {len(losses)} 个指标" in page
    assert all(pair.name in page for pair in pairs) and all(loss.indicator in page for loss in losses)
    assert "平均得分" in page and "个百分点" in page and "data-sort" in visitor.get("years").text
    assert "years" in visitor.get("summary").text
    both = next(pair for pair in pairs if pair.last and pair.now)
    assert f"project/{both.code}" in visitor.get("years").text


def test_without_a_year_before_it_is_said_where_to_name_one(tmp_path: Path) -> None:
    visitor = PageVisitor(tmp_path, make(tmp_path / "自评", result([project(1)])))
    assert "上年的结果" in text_of(visitor.get("years"))
    visitor.leave()


# -- forms ------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_filled_of_a_superiors_table_is_told(visitor: PageVisitor, root: Path, tmp_path: Path) -> None:
    assert "点“试一试”" in put(visitor, "年度报告.xlsx", draw_yearly(tmp_path), superior="1")
    put(visitor, "写错的 '表'.xlsx", draw_sheet("{{没有这个标签}}"), superior="1")
    assert "另存为 .xlsx" in put(visitor, "旧表.xls", b"old", superior="1")
    page = text_of(visitor.get("forms"))
    assert "有填不上的" in page and "没有的局" in page
    assert "填不了" in page and "A1：不认识标签" in page
    told = visitor.do("summary/merge")
    assert "1 个上级规定的表" in told and "这个表没有填" in told
    assert visitor.get("file/汇总/上级表/年度报告.xlsx").status_code == 200


def test_a_form_is_tried_out_as_the_command_does_it(visitor: PageVisitor, root: Path, tmp_path: Path, wbt) -> None:
    put(visitor, "年度报告.xlsx", draw_yearly(tmp_path), superior="1")
    put(visitor, "汇总表.xlsx", (templates_folder() / "汇总表.xlsx").read_bytes())
    twin = Path(shutil.copytree(root, tmp_path / "别处" / "自评"))
    for name in (f"{FORM_FOLDER}/{SUPERIOR_FOLDER}/年度报告", f"{FORM_FOLDER}/汇总表"):
        assert "标签都能用" in visitor.do("forms/preview", {"form": f"{name}.xlsx"})
        wbt("preview", f"{name}.xlsx", cwd=twin)
        assert visitor.get(f"file/{name}_预览.xlsx").content == (twin / f"{name}_预览.xlsx").read_bytes()
    page = visitor.get("forms").text
    assert page.count("下载试填的") == 2 and "年度报告_预览" not in text_of(visitor.get("forms"))
    assert visitor.post("forms/preview", {"form": "wbt.toml"}).status_code == 409


def test_a_form_of_the_program_is_changed_and_put_in_place(visitor: PageVisitor, root: Path) -> None:
    shipped = visitor.get("forms/shipped/退回通知.docx").content
    assert shipped == (templates_folder() / "退回通知.docx").read_bytes()
    assert visitor.get("forms/shipped/项目清单模板.xlsx").status_code == 409
    put(visitor, "退回通知.docx", shipped)
    told = put(visitor, "退回通知.docx", b"changed")
    assert "原来的移到了“旧的/退回通知.docx”" in told and "自己的" in text_of(visitor.get("forms"))
    assert (root / FORM_FOLDER / "旧的/退回通知.docx").read_bytes() == shipped
    assert (root / FORM_FOLDER / "退回通知.docx").read_bytes() == b"changed"
    assert "没有叫“随便.docx”的模板" in put(visitor, "随便.docx", b"x")
    assert "没有办成" in visitor.do("forms/preview", {"form": f"{FORM_FOLDER}/退回通知.docx"})
    (root / FORM_FOLDER / "别的.docx").write_bytes(b"x")
    assert "别的.docx 用不上" in text_of(visitor.get("forms"))
