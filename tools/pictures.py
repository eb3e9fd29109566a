"""The pictures in docs/images: renderings of the demo's own files, made anew by ``python tools/pictures.py``.

It needs LibreOffice (soffice), pdftoppm (poppler-utils), the package Pillow, and the fonts Noto Serif/Sans CJK SC
(fonts-noto-cjk), which stand in for 宋体, 黑体, 仿宋 and 楷体 by way of a fontconfig file of its own.
Give the names of pictures as arguments to make only these.

A sheet is shown as a screen shows it, with its row and column headings: a copy of the workbook, in which it comes
first and its print area is what the picture should show, goes through LibreOffice; the first page of the PDF is it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from lxml import etree
from office import convert_with_libreoffice
from PIL import Image, ImageChops, ImageOps

from workbook_tools.campaign import Campaign
from workbook_tools.core.model import Answers, Direction, Indicator, Material, Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.values import parse_quantity
from workbook_tools.desk.console_book import Kept, draw_console, read_grid
from workbook_tools.desk.libreoffice import LibreOffice
from workbook_tools.projects import project_list_workbook
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_project_report
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.reports.public_version import make_public
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.shipped.demo import run_demo
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.writing import build_workbook

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
MAX_BYTES = 200_000
PALETTE = 96
"""Colours of a picture at most."""
MARGIN = 12
"""Pixels of white left around a picture."""

_NOT_PRINTED = b"<x:PrintObject>False</x:PrintObject>"
"""Of a button."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  {aliases}
</fontconfig>
"""
_ALIAS = """<match target="pattern"><test name="family" compare="eq"><string>{name}</string></test>
  <edit name="family" mode="assign" binding="strong"><string>{font}</string></edit></match>
"""
_SERIF, _SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
_STAND_INS = {
    **dict.fromkeys(("宋体", "SimSun", "仿宋", "仿宋_GB2312", "FangSong", "楷体", "楷体_GB2312", "KaiTi"), _SERIF),
    **dict.fromkeys(("黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线"), _SANS),
    "方正小标宋简体": _SERIF,
}


@dataclass(frozen=True)
class Picture:
    """One picture: an area of a sheet, or a page of a document."""

    name: str
    file: str
    """Below the demo's folder; the first that matches."""
    sheet: str = ""
    area: str = ""
    """A1:K20; blank for the sheet's whole content."""
    page: int = 1
    headings: bool = True
    width: int = 1500
    """Pixels."""


WELL_FILLED, HALF_FILLED, PROJECT_LIST = "填好.xlsx", "填到一半.xlsx", "项目清单.xlsx"
WITH_MACROS, WITH_EVIDENCE = "填到一半.xlsm", "列了佐证材料.xlsx"
CONSOLE, CONSOLE_LOG = "控制台.xlsm", "控制台_日志.xlsx"
WITH_HEAD, PUBLIC = "封面和版头.docx", "公开版.xlsx"
_REPORT = "报告/曲沃县市场监督管理局/QW2021-004*.docx"
_SUMMARY = "汇总/汇总_全部.xlsx"
PICTURES = (
    Picture("项目清单", PROJECT_LIST, "项目", "A1:Q10", width=1800),
    Picture("项目清单_指标", PROJECT_LIST, "指标", "A1:I28", width=1400),
    Picture("填报说明", WELL_FILLED, "填报说明", width=1200),
    Picture("基本情况", HALF_FILLED, "基本情况", width=1300),
    Picture("预算执行", WELL_FILLED, "预算执行", width=1600),
    Picture("自评表", WELL_FILLED, "自评表", width=1800),
    Picture("自评表_填到一半", HALF_FILLED, "自评表", width=1800),
    Picture("佐证材料", WITH_EVIDENCE, "佐证材料", width=1500),
    Picture("校验", HALF_FILLED, "校验", "A1:H45", width=1200),
    Picture("校验_按钮", WITH_MACROS, "校验", "A1:H14", width=1200),
    Picture("审核概览", "审核/审核结果.xlsx", "审核概览", "A1:I30", width=1400),
    Picture("审核结果_问题清单", "审核/审核结果.xlsx", "问题清单", "A1:K18", width=1800),
    Picture("审核结果_项目得分", "审核/审核结果.xlsx", "项目得分", "A1:S12", width=1800),
    Picture("审核结果_指标得分", "审核/审核结果.xlsx", "指标得分", "A1:R14", width=1800),
    Picture("概览", _SUMMARY, "概览", "A1:H46", width=1100),
    Picture("汇总", _SUMMARY, "汇总", width=1800),
    Picture("汇总表", "汇总/汇总表_全部.xlsx", "汇总表", width=1500),
    Picture("控制台", CONSOLE, "项目", "A1:O12", width=1800),
    Picture("控制台_日志", CONSOLE_LOG, "日志", "A1:D13", width=1500),
    Picture("图表", _SUMMARY, "图表", headings=False),
    Picture("报告", _REPORT, page=2, width=800),
    Picture("报告_目录", _REPORT, width=600),
    Picture("报告_表格", _REPORT, page=4, width=800),
    Picture("报告_自评表", _REPORT, page=7, width=1300),
    Picture("报告_草稿", "报告/张掖市交通运输局/ZY2023-001*.docx", page=4, width=800),
    Picture("部门报告", "报告/张掖市交通运输局/部门汇总报告.docx", page=5, width=800),
    Picture("汇总报告", "报告/全部项目汇总报告.docx", page=8, width=800),
    Picture("一页简报", "报告/一页简报.docx", width=800),
    Picture("报告文字", "报告/报告文字.xlsx", "报告文字", "A1:F8", width=1800),
    Picture("下发通知", "下发/张掖市交通运输局/下发通知.docx", width=700),
    Picture("公开版", PUBLIC, width=1400),
    Picture("报告_封面", WITH_HEAD, width=600),
    Picture("报告_版头", WITH_HEAD, page=3, width=600),
)


def main(names: list[str]) -> int:
    """Make the pictures of these names, or all."""
    wanted = [p for p in PICTURES if not names or p.name in names]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, stand_in_fonts():
        scratch = Path(folder)
        made = run_demo(scratch / "自评演示", datetime.now(UTC))
        if any(p.file in (CONSOLE, CONSOLE_LOG) for p in wanted):
            _make_console(made.campaign)
        _make_workbooks(made.campaign)
        (made.campaign.root / WITH_HEAD).write_bytes(_with_head(made.result))
        (made.campaign.root / PUBLIC).write_bytes(_for_the_public(made.result))
        for picture in wanted:
            path = IMAGES / f"{picture.name}.png"
            draw(picture, made.campaign.root, scratch, path)
            print(f"{path.name}  {path.stat().st_size // 1000} kB")
    return 0


def _make_workbooks(campaign: Campaign) -> None:
    """What the demo has no file for: the list as a workbook, a form filled without a mistake, and one half filled."""
    example = load_example()
    projects = tuple(p for p in example.projects if p.scheme in ("", example.scheme))
    listed = example.model_copy(update={"projects": projects})
    (campaign.root / PROJECT_LIST).write_bytes(project_list_workbook(listed, campaign.scheme(example.scheme)))
    project = _well_filled(next(p for p in projects if p.code == "QW2021-004"))
    half = _half_filled(project)
    given = ((WELL_FILLED, project), (HALF_FILLED, half), (WITH_MACROS, half), (WITH_EVIDENCE, _with_evidence(project)))
    for name, filled in given:
        scheme, macros = campaign.scheme(project.scheme), name == WITH_MACROS
        data = build_workbook(filled, scheme, campaign.signing_key(), campaign.notice, macros=macros)
        (campaign.root / name).write_bytes(data)


def _with_head(result: ReviewResult) -> bytes:
    """A report with all that wbt.toml can add to it."""
    project = next(p for p in result.projects if p.code == "QW2021-004")
    look = ReportAppearance(cover=True, red_head=f"{project.department}文件", document_number="曲市监〔2022〕3号")
    return render_project_report(result, project, look=look)


def _for_the_public(result: ReviewResult) -> bytes:
    project = next(p for p in result.projects if p.code == "ZY2023-001")
    rows = [row for row in result.indicators if row.project_code == project.code]
    return make_public(ProjectFacts(project, rows, restore_schemes(result)[project.scheme_digest])).form


def _make_console(campaign: Campaign) -> None:
    """The control workbook, and what its log says after three buttons were pressed."""
    path = campaign.root / CONSOLE
    path.write_bytes(draw_console(campaign, read_grid(campaign, datetime.now(UTC)), Kept()))
    with LibreOffice() as office:
        book = office.open(path, macros=True)
        for handler in ("Review", "SendBack", "Merge"):
            book.run_macro(f"DeskButtons.{handler}")
        said = book.values("日志", "D4:D40")
        book.write("日志", "D4", [[str(text or "").replace(str(campaign.root), "D:/自评演示")] for (text,) in said])
        book.save_as(campaign.root / CONSOLE_LOG)


def _well_filled(project: Project) -> Project:
    """The project with its answers as numbers (the unit wrote 26万元 where 26 was asked), and a contact."""
    answers = project.answers or Answers()
    rows = [
        a.model_copy(update={"actual": _number(i, a.actual)})
        for i, a in zip(project.indicators, answers.indicators, strict=True)
    ]
    info = {"leader": "张某", "filler": "李某", "phone": "0000-1234567", "fill_date": "2022年3月15日"}
    return project.model_copy(update={"answers": answers.model_copy(update={"indicators": tuple(rows), "info": info})})


def _with_evidence(project: Project) -> Project:
    """The project with what proves its actuals: on paper, as files, for one indicator and for several."""
    answers = project.answers or Answers()
    rows = list(answers.indicators)
    own = (Material(name="采购合同", pages="12"), Material(name="验收报告", file="验收报告.pdf"))
    rows[0] = rows[0].model_copy(update={"materials": own})
    rows[1] = rows[1].model_copy(update={"materials": (Material(name="现场照片", file="现场照片（文件夹）"),)})
    survey = Material(used_for="1、3", name="满意度问卷汇总表", file="问卷汇总表.xlsx")
    given = answers.model_copy(update={"indicators": tuple(rows), "materials": (survey,)})
    return project.model_copy(update={"answers": given})


def _number(indicator: Indicator, actual: float | str | None) -> float | str | None:
    typed = (
        parse_quantity(actual) if isinstance(actual, str) and indicator.direction is not Direction.QUALITATIVE else None
    )
    return typed.number if typed else actual


def _half_filled(project: Project) -> Project:
    """The same while the unit is still at work: blanks, a text for a number, a reason missing, a completion misfit."""
    answers = project.answers or Answers()
    rows = list(answers.indicators)
    rows[0] = rows[0].model_copy(update={"actual": "1个"})
    rows[1] = rows[1].model_copy(update={"actual": None})
    rows[2] = rows[2].model_copy(update={"completion": 0.7})
    rows[3] = rows[3].model_copy(update={"deviation_reason": ""})
    texts = {key: text for key, text in answers.texts.items() if key not in ("plan", "problems")}
    started = answers.model_copy(update={"indicators": tuple(rows), "texts": texts, "info": {"leader": "张某"}})
    return project.model_copy(update={"answers": started})


def draw(picture: Picture, root: Path, scratch: Path, path: Path) -> None:
    """Render one picture. AssertionError if it is larger than a page should load."""
    source = next(iter(sorted(root.glob(picture.file))))
    if picture.sheet:
        shown = scratch / f"{picture.name}{source.suffix}"
        with_sheet_first(source, shown, picture)
        source = shown
    pdf = to_pdf(source, scratch / "pdf")
    page = scratch / picture.name
    command = ["pdftoppm", "-png", "-r", "220", "-f", str(picture.page), "-singlefile", str(pdf), str(page)]
    subprocess.run(command, check=True)
    whole = Image.open(page.with_suffix(".png")).convert("RGB")
    image = _trimmed(whole) if picture.sheet else ImageOps.expand(whole, 3, "#B0B0B0")
    for width in (picture.width, picture.width * 0.85, picture.width * 0.7):
        share = min(1.0, width / image.width)
        smaller = image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.LANCZOS)
        _few_colours(smaller).save(path, optimize=True)
        if path.stat().st_size < MAX_BYTES:
            return
    raise AssertionError(f"{path.name}: {path.stat().st_size} bytes")


def _few_colours(image: Image.Image) -> Image.Image:
    """The picture with a palette: its most frequent colours that differ to the eye, so that fills stay true."""
    chosen: list[tuple[int, ...]] = []
    found = image.getcolors(image.width * image.height) or ()
    for _, colour in sorted(((n, c) for n, c in found if isinstance(c, tuple)), reverse=True):
        if all(max(abs(a - b) for a, b in zip(colour, other, strict=True)) > 7 for other in chosen):
            chosen.append(colour)
        if len(chosen) == PALETTE:
            break
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in chosen for channel in colour])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def _trimmed(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    left, top, right, bottom = ImageChops.difference(image, white).getbbox() or (0, 0, *image.size)
    box = (
        max(0, left - MARGIN),
        max(0, top - MARGIN),
        min(image.width, right + MARGIN),
        min(image.height, bottom + MARGIN),
    )
    return image.crop(box)


@contextmanager
def stand_in_fonts() -> Iterator[None]:
    """Programs that are started meanwhile take our fonts for those of the documents."""
    with tempfile.TemporaryDirectory() as own:
        fonts = Path(own, "fonts.conf")
        aliases = "".join(_ALIAS.format(name=name, font=font) for name, font in _STAND_INS.items())
        fonts.write_text(_FONTS.format(aliases=aliases), "utf-8")
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]


def to_pdf(source: Path, folder: Path) -> Path:
    """The file as PDF, by LibreOffice."""
    if source.suffix != ".docx":
        return convert_with_libreoffice([source], folder)[0]
    # A report wants the page numbers of its contents.
    folder.mkdir(exist_ok=True)
    made = folder / f"{source.stem}.pdf"
    with LibreOffice() as program:
        program.to_pdf(source, made)
    return made


# -- a copy of a workbook whose first page is one sheet -------------------------------------------------------------


def with_sheet_first(source: Path, target: Path, picture: Picture) -> None:
    """Copy a workbook so that the picture's sheet comes first, and its area fits one page."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        book = etree.fromstring(old.read("xl/workbook.xml"))
        index = [sheet.get("name") for sheet in book.iter(f"{_MAIN}sheet")].index(picture.sheet)
        shown = f"xl/worksheets/sheet{index + 1}.xml"
        dimension = next(etree.fromstring(old.read(shown)).iter(f"{_MAIN}dimension"))
        _reorder(book, index, f"'{picture.sheet}'!{_absolute(picture.area or str(dimension.get('ref')))}")
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = etree.tostring(book)
            elif name == shown:
                content = _one_page(content, picture.headings)
            elif name.endswith(".vml"):
                content = content.replace(_NOT_PRINTED, b"")
            new.writestr(name, content)


def _absolute(area: str) -> str:
    """A1:K20 → $A$1:$K$20; LibreOffice passes over a print area without the signs."""
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", area)


def _reorder(book: etree._Element, index: int, area: str) -> None:
    """Move a sheet to the front; print areas and titles, which count the sheets, go, but for its own."""
    sheets, names = next(book.iter(f"{_MAIN}sheets")), next(book.iter(f"{_MAIN}definedNames"))
    sheets.insert(0, sheets[index])
    for name in list(names):
        if name.get("localSheetId") is not None:
            names.remove(name)
    etree.SubElement(names, f"{_MAIN}definedName", name="_xlnm.Print_Area", localSheetId="0").text = area
    for view in book.iter(f"{_MAIN}workbookView"):
        view.attrib.pop("activeTab", "")


def _one_page(content: bytes, headings: bool) -> bytes:
    sheet = etree.fromstring(content)
    for element in list(_children(sheet, "headerFooter", "rowBreaks", "colBreaks", "printOptions")):
        sheet.remove(element)
    margins = next(_children(sheet, "pageMargins"))
    for side in ("left", "right", "top", "bottom"):
        margins.set(side, "0.3")
    if headings:
        margins.addprevious(etree.Element(f"{_MAIN}printOptions", headings="1"))
    setup = next(_children(sheet, "pageSetup"))
    setup.attrib.clear()
    for name, value in (("paperSize", "8"), ("orientation", "landscape"), ("fitToWidth", "1"), ("fitToHeight", "1")):
        setup.set(name, value)
    properties = sheet.find(f"{_MAIN}sheetPr")
    if properties is None:
        properties = etree.Element(f"{_MAIN}sheetPr")
        sheet.insert(0, properties)
    for element in list(_children(properties, "pageSetUpPr")):
        properties.remove(element)
    etree.SubElement(properties, f"{_MAIN}pageSetUpPr", fitToPage="1")
    return etree.tostring(sheet)


def _children(parent: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in parent if child.tag in {f"{_MAIN}{name}" for name in names})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
