"""汇总表.xlsx: the office's own summary form, a workbook whose tags say which figure stands where.

One row, the sample row, holds tags of columns ({{项目名称}} {{全年预算}}); it is repeated for every project. Tags of totals
({{合计:全年预算}}) become formulas over these rows; a few others ({{年度}}) may stand anywhere. Everything else stays
as the office made it. What the tags mean is described for users in docs/汇总表模板.md, from :data:`TEXTS` and
:func:`form_columns`.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from workbook_tools.errors import TemplateError
from workbook_tools.excel.result_tables import Entry, Places, dimension_names, final_grade_text, project_columns
from workbook_tools.excel.row_insertion import Loaded, column_width, repeat_row
from workbook_tools.excel.styles import NAMED
from workbook_tools.excel.tables import Column, fit, lines
from workbook_tools.excel.writing import Scalar, clean
from workbook_tools.form.narrative import INFO
from workbook_tools.model import INPUT_MEASURES, Measure, Source
from workbook_tools.paths import AUTHOR
from workbook_tools.results import ProjectRow, ReviewResult
from workbook_tools.rules.scheme import builtin_schemes

SUMMARY_FORM = "汇总表.xlsx"
TEXTS = {
    "年度": "评价年度",
    "组织单位": "组织自评的单位，即 wbt.toml 中的 authority",
    "部门": "主管部门；全部项目的那一份是组织单位",
    "项目数": "表中的项目数",
    "未报数": "没有报送的项目数",
}
"""Tags that may stand anywhere, and what they mean."""
TOTALS = {"合计": "SUM", "平均": "AVERAGE"}
"""Kinds of totals; {{合计:预算执行率}} is computed from the sums, not by adding rates."""
_TAG = re.compile(r"\{\{\s*(?:(合计|平均)\s*[:：]\s*)?([^{}]*?)\s*\}\}")
_UNFORMATTED = ("General", "@")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LOST = {
    "图形、文本框": re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[ >]"),
    "迷你图": re.compile(rb"<x14:sparklineGroup[ >]"),
    "数据条、图标集等新式条件格式": re.compile(rb"<x14:conditionalFormatting[ >]"),
    "引用其他工作表的数据验证": re.compile(rb"<x14:dataValidation[ >]"),
    "页眉页脚里的图片": re.compile(rb"<legacyDrawingHF[ >]"),
    "工作表背景": re.compile(rb"<picture[ >]"),
}
"""What openpyxl does not carry over, by its mark in the XML."""
_LOST_PARTS = {
    "xl/ctrlProps/": "按钮等窗体控件",
    "xl/slicers/": "切片器",
    "xl/activeX/": "ActiveX 控件",
    "xl/threadedComments/": "会话式批注",
    "xl/connections.xml": "数据连接",
}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """What a tag of the sample row stands for."""

    meaning: str
    column: Column[Entry]


# -- the tags ---------------------------------------------------------------------------------------------------------


def form_columns(result: ReviewResult) -> dict[str, FormColumn]:
    """Tag → column: the columns of 汇总, and more that an office may ask for.

    Points per dimension, 得分 and 等级 are those that count, reviewed where finance changed them.
    """
    plain = result.model_copy(update={"projects": ()})
    columns = {
        c.header: FormColumn(_meaning(c), c) for c in project_columns(plain, Places(Path())) if c.key != "report"
    }
    columns |= {name: FormColumn(text, column) for name, text, column in (*_scores(result), *_money(), *_texts(result))}
    return columns


def _meaning(column: Column[Entry]) -> str:
    unit = {"money": "，万元", "percent": "，百分比", "score": "，分"}.get(column.style, "")
    return _MEANINGS.get(column.header, f"{column.header}{unit}")


_MEANINGS = {
    "序号": "从 1 起的序号",
    "总分": "程序计算的总分（核定前）",
    "评价等级": "程序计算的等级（核定前）",
    "错误": "校验问题中错误的个数",
    "提醒": "校验问题中提醒的个数",
    "说明": "校验问题中说明的个数",
    "报送文件": "报送的工作簿的文件名",
}


def _scores(result: ReviewResult) -> Iterator[tuple[str, str, Column[Entry]]]:
    def points(name: str) -> Column[Entry]:
        return Column(f"points:{name}", name, 8, lambda e: e.project.final_scores.get(name), "score", total="mean")

    def score(project: ProjectRow) -> float | None:
        return project.final_total

    execution: Column[Entry] = Column(
        "execution_score", "预算执行", 8, lambda e: e.project.final_execution_score, "score", total="mean"
    )
    yield "预算执行", "预算执行率的得分，分", execution
    for name in dict.fromkeys([*known_dimensions(), *dimension_names(result)]):
        yield name, f"{name}的得分，分", points(name)
    yield (
        "得分",
        "总分，经核定的为核定后的总分",
        Column("score", "得分", 8, lambda e: score(e.project), "score", total="mean"),
    )
    yield (
        "等级",
        "评价等级，经核定的为核定后的等级",
        Column("final", "等级", 8, lambda e: final_grade_text(e.project), "text_center"),
    )


@cache
def known_dimensions() -> tuple[str, ...]:
    """The dimensions of the schemes that come with the program: their tags are known whatever the year's scheme has."""
    return tuple(dict.fromkeys(d.name for scheme in builtin_schemes().values() for d in scheme.dimensions))


def _money() -> Iterator[tuple[str, str, Column[Entry]]]:
    def amount(measure: Measure, source: Source, tag: str, style: str) -> Column[Entry]:
        return Column(
            f"{measure}:{source}", tag, 11, lambda e: e.project.funding.get(measure, {}).get(source), style, total="sum"
        )

    yield Measure.BALANCE.label, "资金结余，万元", amount(Measure.BALANCE, Source.TOTAL, Measure.BALANCE.label, "money")
    arrival = Measure.ARRIVAL_RATE.label
    yield arrival, "预算到位率，百分比", amount(Measure.ARRIVAL_RATE, Source.TOTAL, arrival, "percent")
    for measure in INPUT_MEASURES:
        for source in (s for s in Source if s is not Source.TOTAL):
            tag = f"{measure.label.removesuffix('资金')}·{source.label}"
            yield tag, f"{measure.label}中的{source.label}，万元", amount(measure, source, tag, "money")


def _texts(result: ReviewResult) -> Iterator[tuple[str, str, Column[Entry]]]:
    reasons: dict[str, list[str]] = {p.code: [p.execution_reason] for p in result.projects}
    for row in result.indicators:
        reasons.setdefault(row.project_code, []).append(row.deviation_reason)

    def reason(project: ProjectRow) -> str:
        return "；".join(dict.fromkeys(text.strip().rstrip("。；") for text in reasons[project.code] if text.strip()))

    yield "年度目标", "批复的年度总体目标", Column("goal", "年度目标", 30, lambda e: e.project.annual_goal)
    yield (
        "偏差原因",
        "各指标的偏差原因及改进措施，合在一起",
        Column("reasons", "偏差原因", 40, lambda e: reason(e.project)),
    )
    for key, label, *_ in INFO:
        yield label, f"单位填写的{label}", _info(key, label)
    yield "备注", "空着，手工填写", Column("remark", "备注", 12, _blank)


def _blank(entry: Entry) -> str:  # noqa: ARG001 - every column is asked the same way
    return ""


def _info(key: str, label: str) -> Column[Entry]:
    return Column(f"info:{key}", label, 12, lambda e: e.project.info.get(key, ""))


# -- the form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """A form that was read and found right."""

    path: Path
    data: bytes
    sheet: str
    row: int
    """The sample row."""
    columns: Mapping[str, FormColumn]
    losses: tuple[str, ...]
    """What stands in the form and cannot be carried over."""

    @classmethod
    def open(cls, path: Path, result: ReviewResult) -> SummaryForm:
        """Read a form. Raises TemplateError that names every wrong tag with its sheet and cell."""
        try:
            data = path.read_bytes()
            book = _load(data)
            losses = tuple(_losses(data))
        except (OSError, zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as exc:
            raise TemplateError(
                f"汇总表模板“{path}”打不开：它要是没有密码的 .xlsx 工作簿。请用 Excel 或 WPS 重新另存，或用 wbt templates 取一份新的。（{exc}）"
            ) from None
        columns = form_columns(result)
        sheet, row = _sample_row(path, book, columns)
        return cls(path, data, sheet, row, columns, losses)

    def fill(self, result: ReviewResult, owner: str) -> bytes:
        """The form with these projects, in the order of the result; ``owner`` is the tag 部门. Raises TemplateError."""
        book = _load(self.data)
        sheet = book[self.sheet]
        texts: dict[str, Scalar] = {
            "年度": result.year,
            "组织单位": result.authority,
            "部门": owner,
            "项目数": len(result.projects),
            "未报数": len(result.missing),
        }
        # What projects are called comes last: a name may look like a tag.
        totals = []
        for cell in list(_tagged(book)):
            whole = _TAG.fullmatch(str(cell.value).strip())
            if whole and whole[1]:
                totals.append((cell, whole[1], self.columns[whole[2]].column))
            elif whole and whole[2] in texts:
                _write(cell, texts[whole[2]])
            elif not whole:
                _write(cell, _replaced(str(cell.value), texts))
        sample = _samples(sheet, self.row, self.columns)
        count = max(1, len(result.projects))
        repeat_row(sheet, self.row, count)
        for cell, kind, column in totals:
            _default_format(cell, column)
            cell.value = _total(kind, column, self.columns, sample, (self.row, self.row + count - 1))
        for i in range(count):
            entry = Entry(i + 1, result.projects[i]) if result.projects else None
            _fill_row(sheet, self.row + i, sample, entry)
        book.properties.lastModifiedBy = AUTHOR
        book.calculation.fullCalcOnLoad = True
        return _saved(book)


def _load(data: bytes) -> Any:
    with warnings.catch_warnings():
        # What it cannot carry over is told by _losses, in the user's language.
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def _saved(book: Any) -> bytes:
    """The workbook as the Open XML SDK wants it, and the same bytes on every day.

    openpyxl writes the parts of a font in an order of its own, and the time of day into the properties.
    """
    buffer, result = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/styles.xml":
                part = _FONT.sub(_ordered, part)
            elif name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>2020-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return result.getvalue()


_FONT = re.compile(rb"(<font>)(.*?)(</font>)", re.DOTALL)
_FONT_PART = re.compile(rb"<(\w+)(?:\s[^>]*)?/>")
_FONT_ORDER = (
    b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign", b"sz", b"color", b"name",
    b"family", b"charset", b"scheme",
)  # fmt: skip
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def _ordered(font: re.Match[bytes]) -> bytes:
    parts = {part[1]: part[0] for part in _FONT_PART.finditer(font[2])}
    return font[1] + b"".join(parts[name] for name in _FONT_ORDER if name in parts) + font[3]


def _losses(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        parts = [package.read(name) for name in names if re.match(r"xl/(worksheets|drawings)/[^/]+\.xml", name)]
    for what, mark in _LOST.items():
        if any(mark.search(part) for part in parts):
            yield what
    yield from (what for folder, what in _LOST_PARTS.items() if any(name.startswith(folder) for name in names))
    if any(name.startswith("xl/media/") for name in names) and not _can_read_pictures():
        yield "图片（要保留图片，请安装 pillow）"
    elif any(name.lower().endswith((".emf", ".wmf")) for name in names):
        yield "EMF、WMF 格式的图片"


def _can_read_pictures() -> bool:
    from openpyxl.drawing.image import PILImage

    return bool(PILImage)


def _tagged(book: Any) -> Iterator[Any]:
    for sheet in book.worksheets:
        for place in sorted(sheet._cells):
            cell = sheet._cells[place]
            if isinstance(cell.value, str | CellRichText) and _TAG.search(str(cell.value)):
                yield cell


def _sample_row(path: Path, book: Any, columns: Mapping[str, FormColumn]) -> tuple[str, int]:
    """Sheet and row of the sample row, every tag being right. Raises TemplateError with all that is wrong."""
    wrong: list[str] = []
    rows: dict[tuple[str, int], str] = {}
    totals: list[tuple[str, str]] = []
    places: dict[tuple[str, int], str] = {}
    """Rows with totals."""
    for cell in _tagged(book):
        place = f"工作表“{cell.parent.title}”{cell.coordinate}"
        for kind, name in _TAG.findall(str(cell.value)):
            if kind and name in columns:
                totals.append((place, name))
                places[cell.parent.title, cell.row] = place
                if not _TAG.fullmatch(str(cell.value).strip()):
                    wrong.append(f"{place}：“{{{{{kind}:{name}}}}}”要单独占一个单元格")
                elif columns[name].column.style not in _NUMERIC:
                    wrong.append(f"{place}：“{name}”不是数字，不能{kind}")
            elif name in columns:
                rows.setdefault((cell.parent.title, cell.row), place)
            elif kind or name not in TEXTS:
                wrong.append(f"{place}：不认识标签“{{{{{name}}}}}”{_near(name, columns)}")
    if wrong:
        raise TemplateError(
            f"汇总表模板“{path}”有 {len(wrong)} 处标签不对：{'；'.join(wrong)}。全部标签见 docs/汇总表模板.md"
        )
    if not rows:
        raise TemplateError(
            f"汇总表模板“{path}”没有样行：要有一行写着 {{{{项目名称}}}}、{{{{得分}}}} 这样的标签，每个项目照这一行重复。"
        )
    if len(rows) > 1:
        raise TemplateError(
            f"汇总表模板“{path}”只能有一个样行，现有 {len(rows)} 行有项目的标签：{'、'.join(rows.values())}"
        )
    (sheet, row), _ = rows.popitem()
    if (sheet, row) in places:
        raise TemplateError(f"汇总表模板“{path}”{places[sheet, row]}：合计、平均要放在样行的上面或下面")
    here = book[sheet]
    for area in here.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_row != area.max_row:
            raise TemplateError(f"汇总表模板“{path}”工作表“{sheet}”{area.coord}：样行的单元格不能上下合并，请取消合并")
    present = {sample.name for sample in _samples(here, row, columns)}
    lost = [f"{place}：“{name}”" for place, name in totals if name not in present]
    if lost:
        raise TemplateError(
            f"汇总表模板“{path}”：样行里没有这些栏目，无法合计：{'；'.join(lost)}。请在样行里加上，或去掉合计"
        )
    return sheet, row


_NUMERIC = {"money", "percent", "score", "count"}


def _near(name: str, columns: Mapping[str, FormColumn]) -> str:
    close = get_close_matches(name, [*columns, *TEXTS], n=3, cutoff=0.4)
    return f"，是不是{'、'.join(f'“{word}”' for word in close)}？" if close else ""


# -- filling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sample:
    """A cell of the sample row with tags."""

    column: int
    text: str
    name: str
    """Its tag, where it is the only one and all that the cell holds."""
    tags: Mapping[str, Column[Entry]]
    room: float
    """How wide it is, in characters."""
    wraps: bool


def _samples(sheet: Loaded, row: int, columns: Mapping[str, FormColumn]) -> list[_Sample]:
    found = []
    for (at, column), cell in sorted(sheet._cells.items()):
        text = str(cell.value).strip() if at == row and cell.value is not None else ""
        tags = {name: columns[name].column for kind, name in _TAG.findall(text) if not kind and name in columns}
        if not tags:
            continue
        whole = _TAG.fullmatch(text)
        if whole:
            _default_format(cell, tags[whole[2]])
        merged = next((area for area in sheet.merged_cells.ranges if cell.coordinate in area), None)
        last = merged.max_col if merged else column
        room = sum(column_width(sheet, c) for c in range(column, last + 1))
        found.append(_Sample(column, text, whole[2] if whole else "", tags, room, bool(cell.alignment.wrap_text)))
    return found


def _default_format(cell: Any, column: Column[Entry]) -> None:
    """A number format that the office did not choose is the usual one of the column."""
    if cell.number_format in _UNFORMATTED and column.style in _NUMERIC:
        cell.number_format = NAMED[column.style].number_format


def _fill_row(sheet: Loaded, row: int, samples: Sequence[_Sample], entry: Entry | None) -> None:
    needed = 1
    for sample in samples:
        values = {name: _plain(column, entry) for name, column in sample.tags.items()}
        value = values[sample.name] if sample.name else _replaced(sample.text, values)
        _write(sheet.cell(row, sample.column), value)
        if sample.wraps and isinstance(value, str):
            needed = max(needed, lines(value, sample.room))
    height = sheet.row_dimensions[row].height
    if height is not None and needed > 1:
        size = max((sheet.cell(row, sample.column).font.sz or 11 for sample in samples), default=11)
        sheet.row_dimensions[row].height = max(height, min(409, needed * size * 1.35 + 4))


def _plain(column: Column[Entry], entry: Entry | None) -> Scalar:
    if entry is None:
        return None
    value = column.value(entry)
    return value if value is None or isinstance(value, str | int | float) else value.text


def _replaced(text: str, values: Mapping[str, Scalar]) -> str:
    """A text with the tags replaced that have a value; the others stay."""
    return _TAG.sub(lambda tag: _shown(values.get(tag[2], tag[0])), text)


def _shown(value: Scalar) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _write(cell: Any, value: Scalar) -> None:
    """A value; a text is never taken for a formula, nor a part of it for one of Excel's escapes."""
    if isinstance(value, str):
        text = _ESCAPE.sub("_x005F_", fit(clean(value)))
        if text:
            cell.value, cell.data_type = text, "s"
            return
        value = None
    cell.value = value


def _total(
    kind: str,
    column: Column[Entry],
    columns: Mapping[str, FormColumn],
    samples: Sequence[_Sample],
    rows: tuple[int, int],
) -> str:
    """The formula of a total over the rows of the projects."""
    ranges = {
        columns[s.name].column.key: f"{get_column_letter(s.column)}{rows[0]}:{get_column_letter(s.column)}{rows[1]}"
        for s in samples
        if s.name
    }
    own = ranges[column.key]
    if kind == "平均" or (column.style == "percent" and column.rule is None):
        return f'=IF(COUNT({own})=0,"",AVERAGE({own}))'
    if column.rule is None or column.total != "rule":
        return f"=SUM({own})"
    sums = {key: f"SUM({area})" for key, area in ranges.items()}
    try:
        return "=" + column.rule.excel(sums)
    except KeyError:
        # Without the amounts beside it a rate of the sums cannot be had.
        return f'=IF(COUNT({own})=0,"",AVERAGE({own}))'
