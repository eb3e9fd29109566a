"""The recognised fields laid over the file itself: one page of HTML that needs nothing else, on screen and in print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from workbook_tools.core.cells import column_letters
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.showing.place_readings import PlaceReading, ReadingKind, list_place_readings
from workbook_tools.legacy.words.places import BODY, place_in_sheet, place_in_table, place_of_paragraph, title_of_table
from workbook_tools.legacy.words.records import HandmadeForm, Where
from workbook_tools.word.reading import DocumentTable, Paragraph, open_document

# More of a sheet is not drawn: a browser has trouble with more, and no form is so large.
_MAX_ROWS, _MAX_COLS = 2_000, 60
_COLOURS = {
    ReadingKind.HEAD: "#dbe9f6",
    ReadingKind.FUNDING: "#fde9c8",
    ReadingKind.NAME: "#e4e1f3",
    ReadingKind.TARGET: "#d3ecd7",
    ReadingKind.ACTUAL: "#bfe3e6",
    ReadingKind.POINTS: "#f6d9e4",
    ReadingKind.SCORE: "#f3c6b8",
    ReadingKind.REASON: "#e9e2cf",
    ReadingKind.TEXT: "#e6edf0",
    ReadingKind.SKIPPED: "#eeeeee",
    ReadingKind.AMBIGUOUS: "#ffe14d",
    ReadingKind.ANSWERED: "#e8f0a8",
    ReadingKind.UNKNOWN: "#ff9a8a",
}
_STYLE = """
body{font:14px/1.5 "Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:1.5em;color:#222}
h1{font-size:20px}h2{font-size:16px;margin:1.5em 0 .4em}
.legend span{display:inline-block;padding:.1em .7em;margin:.15em .4em .15em 0;border:1px solid #999}
table{border-collapse:collapse;margin:.4em 0 1.5em}
td,th{border:1px solid #999;padding:.25em .45em;vertical-align:top;white-space:pre-wrap;max-width:26em;min-width:2.2em}
th{background:#f4f4f4;font-weight:normal;color:#777;text-align:center}
small{display:block;font-size:11px;line-height:1.25;color:#333;border-top:1px dotted #888;margin-top:.2em}
.scroll{overflow-x:auto}
@page{size:A4 landscape;margin:10mm}
@media print{body{margin:0;font-size:9px}small{font-size:7px}.scroll{overflow:visible}
table{page-break-inside:auto}tr{page-break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


@dataclass(frozen=True, slots=True)
class OriginalBox:
    """A cell to draw: its upper left place, how far it reaches, its text, and how records name its place."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class OriginalSheet:
    """A sheet or a Word table; with letters and numbers at its edges where its cells have addresses."""

    title: str
    boxes: Sequence[OriginalBox]
    addressed: bool = False


def draw_overlay(source: SourceFile, forms: Sequence[HandmadeForm]) -> str:
    """The page. Raises UnreadableWorkbook for a file that cannot be read."""
    marks: dict[Where, list[PlaceReading]] = {}
    for form in forms:
        for where, mark in list_place_readings(form):
            marks.setdefault(where, []).append(mark)
    pictures = list(list_originals(source))
    drawn = "\n".join(_draw_picture(picture, marks) for picture in pictures)
    seen = frozenset(box.where for picture in pictures for box in picture.boxes)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(source.name)}</title><style>{_STYLE}{_style_of_tints()}</style></head><body>\n"
        f"<h1>{escape(source.name)}</h1>\n{_draw_summary(forms)}\n{_draw_legend()}\n{drawn}\n{_list_elsewhere(marks, seen)}</body></html>\n"
    )


def list_originals(source: SourceFile) -> Iterator[OriginalSheet]:
    """What is to be seen in a file, in its order. Raises UnreadableWorkbook."""
    return _pictures_of_document(source) if source.is_document else _pictures_of_workbook(source)


def _pictures_of_workbook(source: SourceFile) -> Iterator[OriginalSheet]:
    for sheet in open_sheets(source.path, source.read()):
        boxes = [
            OriginalBox(c.row, c.col, c.rows, c.cols, c.shown, place_in_sheet(sheet.title, c.row, c.col))
            for c in sheet.cells
        ]
        title = sheet.title + ("（隐藏的工作表）" if sheet.hidden else "")
        yield OriginalSheet(title, boxes, addressed=True)


def _pictures_of_document(source: SourceFile) -> Iterator[OriginalSheet]:
    """Tables as they are; the paragraphs between them one below the other."""
    texts: list[OriginalBox] = []
    for block in open_document(source.path, data=source.read()).blocks:
        if isinstance(block, Paragraph):
            texts.append(OriginalBox(len(texts), 0, 1, 1, block.text, place_of_paragraph(block.number)))
            continue
        if texts:
            yield OriginalSheet(BODY, texts)
            texts = []
        yield _picture_of_table(block)
    if texts:
        yield OriginalSheet(BODY, texts)


def _picture_of_table(table: DocumentTable) -> OriginalSheet:
    boxes = [
        OriginalBox(c.row, c.col, c.row_span, c.col_span, c.text, place_in_table(table.number, c.row, c.col))
        for c in table.cells
    ]
    return OriginalSheet(title_of_table(table.number), boxes)


# -- drawing --------------------------------------------------------------------------------------------------------


def _draw_picture(picture: OriginalSheet, marks: Mapping[Where, Sequence[PlaceReading]]) -> str:
    boxes = {(box.row, box.col): box for box in picture.boxes if box.row < _MAX_ROWS and box.col < _MAX_COLS}
    heading = f"<h2>{escape(picture.title)}</h2>"
    if not boxes:
        return f"{heading}<p>（空白）</p>"
    height = min(_MAX_ROWS, max(box.row + box.rows for box in boxes.values()))
    width = min(_MAX_COLS, max(box.col + box.cols for box in boxes.values()))
    covered = {
        (row, col)
        for box in boxes.values()
        for row in range(box.row, min(box.row + box.rows, height))
        for col in range(box.col, min(box.col + box.cols, width))
    } - boxes.keys()
    lines = []
    if picture.addressed:
        lines.append("<tr><th></th>" + "".join(f"<th>{column_letters(col)}</th>" for col in range(width)) + "</tr>")
    for row in range(height):
        edge = f"<th>{row + 1}</th>" if picture.addressed else ""
        places = ((row, col) for col in range(width) if (row, col) not in covered)
        lines.append(
            f"<tr>{edge}{''.join(_draw_cell(boxes.get(place), marks, height, width) for place in places)}</tr>"
        )
    cut = "" if len(boxes) == len(picture.boxes) else f"<p>只画出前 {_MAX_ROWS} 行、前 {_MAX_COLS} 列。</p>"
    return f'{heading}<div class="scroll"><table>\n{chr(10).join(lines)}\n</table></div>{cut}'


def _draw_cell(box: OriginalBox | None, marks: Mapping[Where, Sequence[PlaceReading]], height: int, width: int) -> str:
    if box is None:
        return "<td></td>"
    rows, cols = min(box.rows, height - box.row), min(box.cols, width - box.col)
    span = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{cols}"' if cols > 1 else "")
    own = marks.get(box.where, ())
    if not own:
        return f"<td{span}>{escape(box.text)}</td>"
    worst = max((mark.kind for mark in own), key=_order_of_telling)
    told = [f"{mark.field}：{_shorten(mark.reading)}" for mark in own]
    notes = "".join(f"<small>{escape(line)}</small>" for line in dict.fromkeys(_note(mark, box.text) for mark in own))
    return f'<td{span} class="{worst.name.lower()}" title="{escape("；".join(told))}">{escape(box.text)}{notes}</td>'


def _order_of_telling(kind: ReadingKind) -> int:
    """A doubt tells more than a value, and a value more than the paragraph that it stands in."""
    return -1 if kind is ReadingKind.TEXT else list(ReadingKind).index(kind)


def _note(mark: PlaceReading, text: str) -> str:
    """What stands below a cell's text: what it is, and the reading where it is another than the text."""
    plain = "".join(text.split())
    return mark.label if "".join(mark.reading.split()) == plain else f"{mark.label}：{_shorten(mark.reading)}"


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _style_of_tints() -> str:
    return "".join(f".{kind.name.lower()}{{background:{colour}}}" for kind, colour in _COLOURS.items())


def _draw_legend() -> str:
    spans = "".join(f'<span class="{kind.name.lower()}">{kind.value}</span>' for kind in ReadingKind)
    return f'<p class="legend">{spans}<span>没有颜色：栏目名称，或没有内容</span></p>'


def _draw_summary(forms: Sequence[HandmadeForm]) -> str:
    lines = []
    for number, form in enumerate(forms, 1):
        doubts = len(form.remarks)
        name = form.head["project"].printed if "project" in form.head else form.title
        lines.append(
            f"第{number}张表：{escape(name)}（{escape(form.sheet)}），{len(form.entries)} 行指标，"
            f"{len(form.funding)} 行资金，读懂 {form.cells_understood} 处，共 {form.cells_filled} 处有内容，存疑和没有读懂 {doubts} 处。"
        )
    return "".join(f"<p>{line}</p>" for line in lines) or "<p>没有认出自评表。</p>"


def _list_elsewhere(marks: Mapping[Where, Sequence[PlaceReading]], seen: frozenset[Where]) -> str:
    """What was read from places that are not drawn, if there is any."""
    places = [where for where in marks if where not in seen]
    items = "".join(
        f"<li>{escape(where.sheet)} {escape(where.cell)}　{escape(mark.field)}：{escape(_shorten(mark.reading))}</li>"
        for where in places
        for mark in marks[where]
    )
    return f"<h2>其他位置</h2><ul>{items}</ul>\n" if items else ""
