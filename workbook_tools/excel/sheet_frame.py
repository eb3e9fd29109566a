"""What of a worksheet lies around its cells, and decides what of them is seen: columns, merges, conditional formats, checks.

Parsed as XML, never searched; of each element there is one, or the file has no one reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from workbook_tools.core.recent import remember
from workbook_tools.excel.cell_looks import Colours, Tinting, read_tinting
from workbook_tools.excel.print_areas import find_page_words
from workbook_tools.excel.sheetxml import NARROW, Areas
from workbook_tools.excel.written_cells import LOW, RowTag, read_row
from workbook_tools.files.package import ambiguous, parse_xml

_ONCE = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "sheetProtection", "autoFilter", "mergeCells", "dataValidations", "hyperlinks",
    "pageSetup", "headerFooter", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls",
)  # fmt: skip
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
"""Excel's extensions of 2010, and the formulas in them."""
_TRUE, _FALSE = ("1", "true"), ("0", "false")
_ROW = re.compile(rb'<row r="([0-9]+)"([^<>]*)>')
_OWN_LOOKS = (b"dataBar", b"iconSet", b"colorScale", b":dxf", b"<dxf")
"""What a conditional format has that is drawn by something else than a look of styles.xml."""
_MAX_ENTRIES = 65_536
"""Conditional formats, or checks, of a sheet that are looked at; Excel has no more."""


@dataclass(frozen=True, slots=True)
class TintRule:
    """A conditional format: where it holds, and what it changes."""

    area: Areas
    tint: Tinting | None = None
    number: int = -1
    """Of its look in styles.xml, where ``tint`` does not say it."""
    hides_value: bool = False
    """Bars or icons stand in place of the value."""
    scale: tuple[str, ...] = ()
    """Colours of a scale, one of which each cell gets."""
    draws: bool = False
    """It has bars, icons or a scale, and no look in styles.xml."""
    condition: tuple[str, str, str, str] = ("", "", "", "")
    """When it holds: its kind (``cellIs``, ``expression``), how it compares (``equal``), and with what."""


@dataclass(frozen=True, slots=True)
class TypingCheck:
    """A data validation: where it holds, and what may be typed; one that only shows a prompt is none."""

    area: Areas
    kind: str
    operator: str
    first: str
    second: str
    strict: bool
    """What does not fit is refused; otherwise Excel asks, or says nothing."""


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """All around the cells that decides what is seen of them. Rows and columns count from 0."""

    columns: tuple[tuple[int, int, float], ...] = ()
    """First and last column, and the width in characters; 0 where they are hidden."""
    default_width: float = 9.0
    default_height: float = 15.0
    rows_hidden: bool = False
    """Rows of which nothing is said are hidden."""
    merges: tuple[tuple[int, int, int, int], ...] = ()
    rules: tuple[TintRule, ...] = ()
    checks: tuple[TypingCheck, ...] = ()
    zeros_hidden: bool = False
    formulas_shown: bool = False
    cut_off: int = 0
    """So many rows from the first on can't be scrolled into sight, though they are not hidden: the frozen pane begins below them."""
    backgrounds: tuple[str, ...] = field(default=())
    """Pictures behind the cells, or in the margins of the print."""
    page_texts: tuple[tuple[str, str], ...] = ()
    """Headers and footers: what each is (``oddHeader``), and its text with its codes."""

    @property
    def page_words(self) -> tuple[str, ...]:
        """What headers and footers say beside numbers of pages."""
        return tuple(dict.fromkeys(filter(None, (find_page_words(text) for _, text in self.page_texts))))

    @property
    def hides_lines(self) -> bool:
        """Rows or columns may be out of sight beside those that are hidden one by one."""
        return (
            self.rows_hidden
            or self.cut_off > 0
            or self.default_width < NARROW
            or any(width < NARROW for _, _, width in self.columns)
        )

    def width(self, column: int) -> float:
        """The width of a column in characters; 0 if it is hidden."""
        return next((width for first, last, width in self.columns if first <= column <= last), self.default_width)

    def is_narrow(self, column: int) -> bool:
        """Nothing of the column is seen, or next to nothing."""
        return self.width(column) < NARROW


@remember(40_000)
def find_frame(around: bytes, plain_rules: bool) -> SheetFrame:
    """:func:`read_frame`; sheets whose cells differ have mostly the same around them."""
    return read_frame(around, plain_rules)


def read_frame(around: bytes, plain_rules: bool) -> SheetFrame:
    """The frame of a worksheet, of what :func:`sheet_grammar.cut_around` leaves; with ``plain_rules`` its conditional formats are read only where
    one may be more than a look of styles.xml.

    Raises UnreadableWorkbook FILE32 where there are two of an element; lxml's errors and ValueError if it is damaged.
    """
    with_rules = not plain_rules or any(look in around for look in _OWN_LOOKS)
    root = parse_xml(around)
    tag = f"{{{etree.QName(root).namespace}}}"
    parts: dict[str, etree._Element] = {}
    for child in root:
        name = etree.QName(child).localname
        if child.tag == tag + name and parts.setdefault(name, child) is not child and name in _ONCE:
            raise ambiguous(f"工作表里的 {name} 不止一份")
        if name == "AlternateContent" and any(etree.QName(e).localname in _READ for e in child.iter("{*}*")):
            raise ambiguous("工作表的设置有两种写法")
    return _FrameReader(root, tag, parts).read(with_rules)


_READ = frozenset(
    {"cols", "sheetViews", "sheetFormatPr", "mergeCells", "conditionalFormatting", "dataValidations", "sheetProtection"}
)


class _FrameReader:
    """The children of a worksheet element, as a frame."""

    def __init__(self, root: etree._Element, tag: str, parts: dict[str, etree._Element]) -> None:
        self._root, self._tag, self._parts = root, tag, parts

    def read(self, with_rules: bool) -> SheetFrame:
        shape = self._parts.get("sheetFormatPr", self._root)
        merges = Areas.of(" ".join(item.get("ref", "") for item in self._children("mergeCells", "mergeCell")))
        rules = [*self._read_rules(), *self._read_extended_rules()] if with_rules else []
        checks = [*self._read_checks()]
        if max(len(rules), len(checks)) > _MAX_ENTRIES:
            raise ValueError(len(rules))
        views = self._children("sheetViews", "sheetView")
        return SheetFrame(
            columns=tuple(self._read_columns()),
            default_width=float(shape.get("defaultColWidth", "9")),
            default_height=float(shape.get("defaultRowHeight", "15")),
            rows_hidden=shape.get("zeroHeight") in _TRUE or float(shape.get("defaultRowHeight", "15")) < LOW,
            merges=merges.spans,
            rules=tuple(rules),
            checks=tuple(checks),
            zeros_hidden=any(view.get("showZeros") in _FALSE for view in views),
            formulas_shown=any(view.get("showFormulas") in _TRUE for view in views),
            cut_off=max((_count_cut_off(view) for view in views), default=0),
            backgrounds=tuple(
                word
                for name, word in (("picture", "背景图片"), ("legacyDrawingHF", "页眉页脚里的图片"))
                if name in self._parts
            ),
            page_texts=tuple(
                (etree.QName(item).localname, item.text or "") for item in self._parts.get("headerFooter", ())
            ),
        )

    def _children(self, name: str, child: str) -> Sequence[etree._Element]:
        return [
            one for item in self._root.iterchildren(self._tag + name) for one in item.iterchildren(self._tag + child)
        ]

    def _read_columns(self) -> Iterator[tuple[int, int, float]]:
        for item in self._children("cols", "col"):
            width = 0.0 if item.get("hidden") in _TRUE else float(item.get("width", "9"))
            yield int(item.get("min", "1")) - 1, int(item.get("max", "1")) - 1, width

    def _read_rules(self) -> Iterator[TintRule]:
        for block in self._root.iterchildren(f"{self._tag}conditionalFormatting"):
            area = Areas.of(block.get("sqref", ""))
            for rule in block.iterchildren(f"{self._tag}cfRule"):
                yield _read_rule(rule, area, None, int(rule.get("dxfId", "-1")))

    def _read_extended_rules(self) -> Iterator[TintRule]:
        """Those of Excel 2010: bars and icons, and rules that look at another sheet."""
        for block in self._root.iterfind(f"{self._tag}extLst/{self._tag}ext/{_X14}conditionalFormattings/*"):
            area = Areas.of(block.findtext(f"{_XM}sqref", ""))
            for rule in block.iterchildren(f"{_X14}cfRule"):
                dxf = rule.find(f"{_X14}dxf")
                tint = Tinting() if dxf is None else read_tinting(dxf, Colours())
                yield _read_rule(rule, area, tint, -1)

    def _read_checks(self) -> Iterator[TypingCheck]:
        for item in self._children("dataValidations", "dataValidation"):
            if item.get("type", "none") != "none":
                yield _read_check(
                    item, item.get("sqref", ""), *(item.findtext(f"{self._tag}formula{n}", "") for n in (1, 2))
                )
        for item in self._root.iterfind(f"{self._tag}extLst/{self._tag}ext/{_X14}dataValidations/{_X14}dataValidation"):
            formulas = (item.findtext(f"{_X14}formula{n}/{_XM}f", "") for n in (1, 2))
            yield _read_check(item, item.findtext(f"{_XM}sqref", ""), *formulas)


def _read_rule(rule: etree._Element, area: Areas, tint: Tinting | None, number: int) -> TintRule:
    drawn = list(rule.iter("{*}dataBar", "{*}iconSet", "{*}colorScale"))
    scale = (Colours().read(item) for item in rule.iterfind("{*}colorScale/{*}color"))
    hides = any(item.get("showValue") in _FALSE for item in drawn)
    formulas = [*(item.text or "" for item in rule.iter("{*}formula", f"{_XM}f")), "", ""]
    condition = rule.get("type", ""), rule.get("operator", ""), formulas[0].strip(), formulas[1].strip()
    return TintRule(area, tint, number, hides, tuple(colour for colour in scale if colour), bool(drawn), condition)


def _read_check(item: etree._Element, area: str, first: str, second: str) -> TypingCheck:
    strict = item.get("errorStyle", "stop") == "stop" and item.get("showErrorMessage") in _TRUE
    return TypingCheck(
        Areas.of(area), item.get("type", "none"), item.get("operator", "between"), first.strip(), second.strip(), strict
    )


def _count_cut_off(view: etree._Element) -> int:
    """A frozen pane keeps what is above it in sight from the view's first row on; what is above that row is out of reach."""
    pane = view.find("{*}pane")
    corner = Areas.of(view.get("topLeftCell", "")).spans
    frozen = pane is not None and pane.get("state") in ("frozen", "frozenSplit")
    return corner[0][0] if frozen and corner else 0


@dataclass(frozen=True, slots=True)
class LowRows:
    """The rows of which nothing is seen, or next to nothing: numbers from 0."""

    rows: frozenset[int]
    stated: frozenset[int]
    """Rows of which something is said; of the others the sheet's default holds."""

    @classmethod
    def of(cls, tags: Iterable[tuple[int, RowTag]]) -> LowRows:
        """Those among rows of which their tags say this."""
        tags = [*tags]
        return cls(
            frozenset([row for row, tag in tags if tag.low]), frozenset([row for row, tag in tags if tag.stated])
        )

    def holds(self, row: int, frame: SheetFrame) -> bool:
        """Nothing of the row is seen."""
        return row in self.rows or row < frame.cut_off or (frame.rows_hidden and row not in self.stated)


def read_low_rows(xml: bytes) -> LowRows:
    """The hidden rows of a worksheet in plain form, and those that are too low to be read."""
    return LowRows.of((int(number) - 1, read_row(attributes)) for number, attributes in _ROW.findall(xml))
