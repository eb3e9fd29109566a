"""A sheet of a :class:`FramedBook`: its usual contents as the texts of their tags, all else as the calls that set it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar

from workbook_tools.core.cells import MAX_ROWS, Span, address, split_address
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.direct_sheet import (
    BLOCK,
    LETTERS,
    Rule,
    escape_attribute,
    escape_text,
    find_rule,
    write_number,
    write_range,
    write_result,
    write_string,
)
from workbook_tools.excel.styles import NAMED, StyleSpec, Tint
from workbook_tools.excel.writing import (
    MAX_TEXT,
    Scalar,
    Sheet,
    Style,
    format_key,
    is_listable,
    is_markup,
    is_writable_formula,
    write_colour,
    write_height,
    write_usual_validation,
)

Settings = tuple[tuple[str, Any], ...]
Calls = tuple[tuple[str, tuple[Any, ...], Settings], ...]
"""Methods of a sheet, and what they are called with."""
_INTERNAL, _EMPTY, _TEXT = "internal:", "/>", "text"


class Unusual(Exception):
    """Such a book has no such thing; a plain one may have it, or refuse it."""


Look = TypeVar("Look", StyleSpec, Tint)


class _Numbers(dict[Look, int], Generic[Look]):
    """Numbers of looks, in the order in which they are asked for; looks that a file cannot tell apart have one number."""

    def __init__(self, least: int) -> None:
        super().__init__()
        self._least = least
        self._by_key: dict[Hashable, int] = {}
        self.first: list[Look] = []
        """One look for each number."""

    def __missing__(self, look: Look) -> int:
        key = format_key(look)
        if key not in self._by_key:
            self._by_key[key] = self._least + len(self._by_key)
            self.first.append(look)
        self[look] = self._by_key[key]
        return self[look]


class WrittenName(NamedTuple):
    """A defined name: where it stands in the order, its tag, and the tag in the list of parts."""

    key: str
    tag: str
    part: str


class Shared:
    """What the sheets of a book have in common."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        """The texts of cells, with their numbers."""
        self.looks, self.tints = _Numbers[StyleSpec](1), _Numbers[Tint](0)
        self.known: dict[int, int] = {}
        """The numbers of looks by the place in memory: to compare looks takes longer."""
        self.password = ""

    def set_password(self, password: str) -> None:
        """There is one for all sheets and the structure."""
        if self.password not in ("", password):
            raise Unusual
        self.password = password


class FramedSheet(Sheet):
    """Any of its methods may raise Unusual."""

    def __init__(self, shared: Shared, title: str, made: Settings = ()) -> None:
        self.title = title
        self.names: list[WrittenName] = []
        self._shared = shared
        self._made = made
        self._calls: list[tuple[str, tuple[Any, ...], Settings]] = []
        self._rows: defaultdict[int, dict[int, tuple[StyleSpec, str]]] = defaultdict(dict)
        """Row → column → look of the cell, and what stands in its tag behind the number of that; ``_TEXT`` for a text."""
        self._texts: dict[tuple[int, int], str] = {}
        """By row and column, in the order in which they were drawn."""
        self._formulas: dict[tuple[int, int], str] = {}
        self._heights: dict[int, str] = {}
        self._cell_count = 0
        self._merged: list[str] = []
        self._rules: list[tuple[str, Rule, Tint]] = []
        self._validations: dict[str, str] = {}
        self._links: dict[tuple[int, int], str] = {}

    def __getattr__(self, name: str) -> NoReturn:
        """There is no sheet of XlsxWriter behind it, and no book that it holds."""
        raise Unusual(name) if name in ("raw", "book") else AttributeError(name)

    # -- contents: the texts of their tags --------------------------------------------------------------------------

    def write(self, row: int, col: int, value: Scalar = None, style: Style = "plain") -> None:
        """As on any sheet."""
        self._put(row, col, style, self._take_content(row, col, value))

    def _put(self, row: int, col: int, style: Style, content: str) -> None:
        self._rows[row][col] = NAMED[style] if isinstance(style, str) else style, content
        self._cell_count += 1

    def _take_content(self, row: int, col: int, value: Scalar) -> str:
        if value is None or value == "":
            return _EMPTY
        if isinstance(value, str):
            numbers = self._shared.texts
            text = value
            if text not in numbers:
                text = clean_usual_text(value)
                if not text:
                    return _EMPTY
                numbers.setdefault(text, len(numbers))
            self._texts[row, col] = text
            return _TEXT
        if isinstance(value, bool) or not math.isfinite(value):
            raise Unusual
        return write_number(value)

    def formula(self, row: int, col: int, formula: str, style: Style = "plain", value: Scalar = "") -> None:
        """As on any sheet."""
        self._put(row, col, style, self._take_formula(row, col, formula, value))

    def _take_formula(self, row: int, col: int, formula: str, value: Scalar) -> str:
        if not is_writable_formula(formula) or formula.startswith(("{", "={")):
            raise Unusual
        escaped = self._formulas[row, col] = escape_text(clean_cell_text(formula).removeprefix("="))
        return _write_result(escaped, value)

    def merge(
        self, row: int, col: int, last_row: int, last_col: int, value: Scalar = None, style: Style = "plain", *, formula: str = ""
    ) -> None:  # fmt: skip
        """As on any sheet."""
        content = self._take_formula(row, col, formula, value) if formula else self._take_content(row, col, value)
        if col != last_col or row != last_row:
            blank = NAMED[style] if isinstance(style, str) else style, _EMPTY
            for at in range(row, last_row + 1):
                self._rows[at].update(dict.fromkeys(range(col, last_col + 1), blank))
            self._cell_count += (last_row - row + 1) * (last_col - col + 1) - 1
            self._merged.append(f'<mergeCell ref="{write_range(row, col, last_row, last_col)}"/>')
        self._put(row, col, style, content)

    def link(self, row: int, col: int, target: str, text: str, style: Style = "link", tip: str = "") -> None:
        """As on any sheet; it leads to a cell of the same workbook."""
        shown = clean_usual_text(text)
        if not target.startswith(_INTERNAL) or tip or not shown:
            raise Unusual
        place, location = write_range(row, col, row, col), clean_cell_text(target.removeprefix(_INTERNAL))
        self.write(row, col, text, style)
        self._links[row, col] = (
            f'<hyperlink ref="{place}" location="{escape_attribute(location)}" display="{escape_attribute(shown)}"/>'
        )

    def validate(self, row: int, col: int, last_row: int, last_col: int, options: Mapping[str, Any]) -> None:
        """As on any sheet."""
        place = write_range(row, col, last_row, last_col)
        if place in self._validations:
            raise Unusual
        self._validations[place] = _write_validation(options, place)

    def highlight(self, row: int, col: int, last_row: int, last_col: int, options: Mapping[str, Any]) -> None:
        """As on any sheet."""
        self._add_rule(write_range(row, col, last_row, last_col), _find_rule(options), options["format"])

    def colour(self, span: Span, formula: str, tint: Tint) -> None:
        """As on any sheet."""
        place = write_range(span.row, span.col, span.last_row, span.last_col)
        self._add_rule(place, _find_colour(formula), tint)

    def _add_rule(self, place: str, rule: Rule, tint: Tint) -> None:
        self._rules.append((place, rule, tint))
        self._shared.tints[tint]  # looks are numbered as they are drawn

    def row_height(
        self, row: int, height: float | None, *, hidden: bool = False, level: int = 0, grows: bool = False
    ) -> None:
        """As on any sheet."""
        if height is None or hidden or level:
            raise Unusual
        self._heights[row] = write_height(height, grows)

    def count_texts(self) -> int:
        """How many cells hold a text."""
        return len(self._texts)

    def write_rows(self) -> str:
        """All rows with their cells; looks are numbered in the order of the cells."""
        looks, known, numbers = self._shared.looks, self._shared.known, self._shared.texts
        spans = self._find_spans()
        written = []
        for row in sorted({*self._rows, *self._heights}):
            cells, number = self._rows.get(row), row + 1
            written.append(f'<row r="{number}"{spans.get(row // BLOCK, "")}{self._heights.get(row, "")}')
            if not cells:
                written.append("/>")
                continue
            written.append(">")
            for col in sorted(cells):
                look, content = cells[col]
                style = known.get(id(look))
                if style is None:
                    style = known[id(look)] = looks[look]
                if content is _TEXT:
                    content = write_string(numbers[self._texts[row, col]])
                written.append(f'<c r="{LETTERS[col]}{number}" s="{style}"{content}')
            written.append("</row>")
        return "".join(written)

    def _find_spans(self) -> dict[int, str]:
        """Block of rows → where its cells begin and end. Raises Unusual where a cell was drawn twice or is beyond all forms."""
        blocks: dict[int, set[int]] = {}
        for row, cells in self._rows.items():
            blocks.setdefault(row // BLOCK, set()).update(cells)
        twice = self._cell_count != sum(map(len, self._rows.values()))
        if twice or not all(0 <= min(cols) <= max(cols) < len(LETTERS) for cols in blocks.values()):
            raise Unusual
        return {block: f' spans="{min(cols) + 1}:{max(cols) + 1}"' for block, cols in blocks.items()}

    def write_ranges(self) -> str:
        """What stands behind the rows and the protection: merged ranges, rules, validations, links."""
        rules: defaultdict[str, list[str]] = defaultdict(list)
        for priority, (place, rule, tint) in enumerate(self._rules, 1):
            rules[place].append(rule.write(self._shared.tints[tint], priority))
        links = [self._links[place] for place in sorted(self._links)]
        return "".join(
            (
                _enclose(f'mergeCells count="{len(self._merged)}"', self._merged),
                *(_enclose(f'conditionalFormatting sqref="{place}"', tags) for place, tags in rules.items()),
                _enclose(f'dataValidations count="{len(self._validations)}"', self._validations.values()),
                _enclose("hyperlinks", links),
            )
        )

    # -- the same content once more ---------------------------------------------------------------------------------

    def copy(
        self, model: FramedSheet, cells: Mapping[str, Scalar], validations: Mapping[str, Mapping[str, Any]], heights: Mapping[int, tuple[float, bool]],
    ) -> None:  # fmt: skip
        """An empty sheet becomes as the model, but for what is in these cells (of formulas: their results), these validations and heights of rows.

        A text goes where the model has one, and nowhere else, as the texts of a book are numbered in the order of the drawing; none is that of a
        link. Where Unusual is raised, the sheet is empty still.
        """
        rows, texts = {row: dict(line) for row, line in model._rows.items()}, dict(model._texts)
        for cell, value in cells.items():
            row, col = place = split_address(cell)
            if place in model._links:
                raise Unusual
            if formula := model._formulas.get(place):
                content = _write_result(formula, value)
            elif place in texts and isinstance(value, str) and (text := clean_usual_text(value)):
                content, texts[place] = _TEXT, text
            elif place in texts or (isinstance(value, str) and value):
                raise Unusual
            else:
                content = self._take_content(row, col, value)
            rows[row][col] = rows[row][col][0], content
        own = {place: _write_validation(options, place) for place, options in validations.items()}
        self._validations = {**model._validations, **own}
        self._heights = {**model._heights, **{row - 1: write_height(*height) for row, height in heights.items()}}
        self._rows, self._texts, self._formulas = defaultdict(dict, rows), texts, model._formulas
        for text in texts.values():
            self._shared.texts.setdefault(text, len(self._shared.texts))
        for rule in model._rules:
            self._add_rule(*rule)
        self._cell_count, self._merged, self._links = model._cell_count, model._merged, model._links
        self._calls, self.names = [*model._calls], [*model.names]

    def is_like(self, other: FramedSheet) -> bool:
        """They have the same in each place where copies may differ."""
        return (self._rows, self._texts, self._validations, self._heights) == (
            other._rows, other._texts, other._validations, other._heights,
        )  # fmt: skip

    def list_copied(self, cells: Collection[str], validations: Collection[str]) -> list[str]:
        """The texts that a copy with these cells and validations of its own takes over."""
        return [
            *(text for place, text in self._texts.items() if address(*place) not in cells),
            *(
                content for row, line in self._rows.items() for col, (_, content) in line.items()
                if address(row, col) not in cells
            ),
            *(tag for place, tag in self._validations.items() if place not in validations),
            *self._formulas.values(),
            *(rule.formula for _, rule, _ in self._rules),
            *self._merged,
            *self._links.values(),
            *(name.tag for name in self.names),
            repr(self._calls),
        ]  # fmt: skip

    # -- all else: the calls that set it ----------------------------------------------------------------------------

    def list_calls(self) -> tuple[Settings, Calls]:
        """With what the sheet was made, and what was set. The cells at its corners decide how far it is said to extend."""
        rows = sorted({*self._rows, *self._heights})
        if not rows or rows[0] < 0 or rows[-1] >= MAX_ROWS:
            raise Unusual
        cols = {col for cells in self._rows.values() for col in cells}
        corners = (("extend", (row, col), ()) for row, col in ((rows[0], min(cols)), (rows[-1], max(cols))))
        return self._made, (*self._calls, *corners)

    def _keep(self, method: str, *given: Any, **named: Any) -> None:
        self._calls.append((method, given, tuple(named.items())))

    def columns(self, widths: Sequence[float], first: int = 0) -> None:
        """As on any sheet."""
        self._keep("columns", tuple(widths), first)

    def freeze(self, rows: int, cols: int = 0) -> None:
        """As on any sheet."""
        self._keep("freeze", rows, cols)

    def view(self, *, zoom: int = 100, gridlines: bool = True, tab: str = "", active: bool = False) -> None:
        """As on any sheet."""
        self._keep("view", zoom=zoom, gridlines=gridlines, tab=tab, active=active)

    def protect(self, password: str = "", **allow: bool) -> None:
        """As on any sheet."""
        self._shared.set_password(password)
        self._keep("protect", "protected" if password else "", **allow)

    def print_setup(self, **settings: Any) -> None:
        """As on any sheet."""
        self._keep("print_setup", **settings)

    def break_before(self, *rows: int) -> None:
        """As on any sheet."""
        self._keep("break_before", *rows)


def clean_usual_text(text: str) -> str:
    """The text as a cell can hold it. Raises Unusual for markup, and where it may be longer than Excel takes."""
    cleaned = clean_cell_text(text)
    if is_markup(cleaned) or len(cleaned) > MAX_TEXT or (len(cleaned) > MAX_TEXT // 2 and max(cleaned) > "\uffff"):
        raise Unusual
    return cleaned


@lru_cache(1 << 12)
def _find_colour(formula: str) -> Rule:
    return _find_rule(write_colour(formula))


def _find_rule(options: Mapping[str, Any]) -> Rule:
    rule = find_rule(options)
    if rule is None:
        raise Unusual
    return rule


def _write_validation(options: Mapping[str, Any], place: str) -> str:
    tag = write_usual_validation(options, place) if is_listable(options) else None
    if tag is None:
        raise Unusual
    return tag


def _write_result(formula: str, value: Scalar) -> str:
    shown = clean_cell_text(value) if isinstance(value, str) else "" if value is None else value
    content = write_result(formula, shown)
    if content is None or (isinstance(value, float) and not math.isfinite(value)):
        raise Unusual
    return content


def _enclose(tag: str, inner: Collection[str]) -> str:
    return f"<{tag}>{''.join(inner)}</{tag.partition(' ')[0]}>" if inner else ""
