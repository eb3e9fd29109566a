"""A sheet of a :class:`FramedBook`: its usual contents as the texts of their tags, all else as the calls that set it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Container, Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, NoReturn, TypeVar

from workbook_tools.core.cells import MAX_ROWS, Span
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.direct_sheet import (
    BLOCK,
    Rule,
    escape_attribute,
    escape_text,
    find_rule,
    write_number,
    write_range,
    write_result,
    write_string,
)
from workbook_tools.excel.framed_pieces import (
    EMPTY,
    HOLE,
    OWN,
    KnownPiece,
    Piece,
    PlacedRule,
    Unusual,
    WrittenName,
    begin_cell,
    write_title,
)
from workbook_tools.excel.styles import NAMED, StyleSpec, Tint
from workbook_tools.excel.usual_tags import format_key, write_height, write_usual_validation
from workbook_tools.excel.writing import (
    MAX_TEXT,
    Scalar,
    Sheet,
    Style,
    is_listable,
    is_markup,
    is_writable_formula,
    write_colour,
)

Settings = tuple[tuple[str, Any], ...]
Calls = tuple[tuple[str, tuple[Any, ...], Settings], ...]
"""Methods of a sheet, and what they are called with."""
_INTERNAL = "internal:"


Look = TypeVar("Look", StyleSpec, Tint)


class _Numbers(Generic[Look]):
    """Numbers of looks, in the order in which they are asked for; looks that a file cannot tell apart have one number."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._by_key: dict[Hashable, int] = {}
        self.known: dict[int, int] = {}
        """By the place in memory: to compare looks takes longer."""
        self._asked_for: list[Look] = []
        """Kept, so that their places stay their own."""
        self.first: list[Look] = []
        """One look for each number."""

    def find(self, look: Look) -> int:
        """The number of a look."""
        known = self.known.get(id(look))
        if known is None:
            key = format_key(look)
            if key not in self._by_key:
                self._by_key[key] = self._least + len(self._by_key)
                self.first.append(look)
            known = self.known[id(look)] = self._by_key[key]
            self._asked_for.append(look)
        return known


_find_place = itemgetter(0, 1)


def _find_block(row: int) -> int:
    """Blocks of rows are told where their cells begin and end."""
    return row // BLOCK


class Shared:
    """What the sheets of a book have in common."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        """The texts of cells, in the order of their numbers, with what stands in the tag of a cell that has it."""
        self.looks, self.tints = _Numbers[StyleSpec](1), _Numbers[Tint](0)
        self.numbered: dict[int, tuple[int, ...]] = {}
        """The numbers of looks of cells beside each other, by the place of these looks in memory: their sheets keep them."""
        self.password = ""

    def set_password(self, password: str) -> None:
        """There is one for all sheets and the structure."""
        if self.password not in ("", password):
            raise Unusual
        self.password = password


@lru_cache(1 << 13)
def _number_looks(tags: str, numbers: tuple[int, ...]) -> str:
    """The tags of cells beside each other, with holes only for what stands behind the numbers of their looks."""
    return tags % numbers


class FramedSheet(Sheet):
    """Any of its methods may raise Unusual."""

    def __init__(self, shared: Shared, title: str, made: Settings = ()) -> None:
        self.title = title
        self.names: list[WrittenName] = []
        self._shared = shared
        self._made = made
        self._calls: list[tuple[str, tuple[Any, ...], Settings]] = []
        self._runs: list[tuple[int, int, int, str, tuple[StyleSpec, ...], tuple[str, ...]]] = []
        """Cells beside each other: row, first and last column, their tags with holes, looks, and what stands behind the number of the look."""
        self._heights: dict[int, str] = {}
        self._merged: list[str] = []
        self._rules: list[PlacedRule] = []
        self._validations: dict[str, str] = {}
        self._links: dict[tuple[int, int], str] = {}

    def __getattr__(self, name: str) -> NoReturn:
        """There is no sheet of XlsxWriter behind it, and no book that it holds."""
        raise Unusual(name) if name in ("raw", "book") else AttributeError(name)

    # -- contents: the texts of their tags --------------------------------------------------------------------------

    def write(self, row: int, col: int, value: Scalar = None, style: Style = "plain") -> None:
        """As on any sheet."""
        self._put(row, col, style, self._take_content(value))

    def _put(self, row: int, col: int, style: Style, content: str) -> None:
        look = NAMED[style] if isinstance(style, str) else style
        self._runs.append((row, col, col, begin_cell(row, col) + HOLE, (look,), (content,)))

    def _take_content(self, value: Scalar) -> str:
        if value is None or value == "":
            return EMPTY
        if isinstance(value, str):
            texts = self._shared.texts
            text = value if value in texts else clean_usual_text(value)
            return texts.setdefault(text, write_string(len(texts))) if text else EMPTY
        if isinstance(value, bool) or not math.isfinite(value):
            raise Unusual
        return write_number(value)

    def formula(self, row: int, col: int, formula: str, style: Style = "plain", value: Scalar = "") -> None:
        """As on any sheet."""
        self._put(row, col, style, _write_formula(formula, value))

    def merge(
        self,
        row: int,
        col: int,
        last_row: int,
        last_col: int,
        value: Scalar = None,
        style: Style = "plain",
        *,
        formula: str = "",
    ) -> None:
        """As on any sheet."""
        content = _write_formula(formula, value) if formula else self._take_content(value)
        self._put(row, col, style, content)
        if col == last_col and row == last_row:
            return
        for at in range(row, last_row + 1):
            for beside in range(col + (at == row), last_col + 1):
                self._put(at, beside, style, EMPTY)
        self._merged.append(f'<mergeCell ref="{write_range(row, col, last_row, last_col)}"/>')

    def link(self, row: int, col: int, target: str, text: str, style: Style = "link") -> None:
        """As on any sheet; it leads to a cell of the same workbook."""
        shown = clean_usual_text(text)
        if not target.startswith(_INTERNAL) or not shown:
            raise Unusual
        place, location = write_range(row, col, row, col), clean_cell_text(target.removeprefix(_INTERNAL))
        self.write(row, col, text, style)
        self._links[row, col] = (
            f'<hyperlink ref="{place}" location="{escape_attribute(location)}" display="{escape_attribute(shown)}"/>'
        )

    def validate(self, row: int, col: int, last_row: int, last_col: int, options: Mapping[str, Any]) -> None:
        """As on any sheet."""
        place = write_range(row, col, last_row, last_col)
        self._put_validation(place, _write_validation(options, place))

    def _put_validation(self, place: str, tag: str) -> None:
        if place in self._validations:
            raise Unusual
        self._validations[place] = tag

    def highlight(self, row: int, col: int, last_row: int, last_col: int, options: Mapping[str, Any]) -> None:
        """As on any sheet."""
        self._rules.append((write_range(row, col, last_row, last_col), _find_rule(options).tag, options["format"]))

    def colour(self, span: Span, formula: str, tint: Tint) -> None:
        """As on any sheet."""
        self._rules.append(
            (write_range(span.row, span.col, span.last_row, span.last_col), _find_colour(formula).tag, tint)
        )

    def row_height(self, row: int, height: float | None, *, hidden: bool = False, grows: bool = False) -> None:
        """As on any sheet."""
        if height is None or hidden:
            raise Unusual
        self._heights[row] = write_height(height, grows)

    def row_heights(self, heights: Mapping[int, float], growing: Container[int]) -> None:
        """As on any sheet."""
        self._heights |= {row: write_height(height, row in growing) for row, height in heights.items()}

    def write_rows(self) -> str:
        """All rows with their cells; looks are numbered in the order of the cells. Raises Unusual where a cell was drawn twice."""
        numbered, find_number = self._shared.numbered, self._shared.looks.find
        rows: dict[int, list[str]] = {}
        lefts: dict[int, int] = {}
        rights: dict[int, int] = {}
        """Row → where its cells begin and end."""
        last_row, last_col = -1, -1
        for row, first, last, tags, looks, contents in sorted(self._runs, key=_find_place):
            numbers = numbered.get(id(looks))
            if numbers is None:
                numbers = numbered[id(looks)] = tuple(map(find_number, looks))
            written = _number_looks(tags, numbers) % contents
            if row != last_row:
                rows[row], lefts[row] = [written], first
            elif first > last_col:
                rows[row].append(written)
            else:
                raise Unusual
            rights[row] = last
            last_row, last_col = row, last
        spans = {
            block: f' spans="{min(map(lefts.__getitem__, own)) + 1}:{max(map(rights.__getitem__, own)) + 1}"'
            for block, own in ((block, [*own]) for block, own in groupby(rows, _find_block))
        }
        heights = self._heights
        return "".join(
            [
                f'<row r="{row + 1}"{spans.get(row // BLOCK, "")}{heights.get(row, "")}'
                + (f">{''.join(rows[row])}</row>" if row in rows else "/>")
                for row in sorted({*rows, *heights})
            ]
        )

    def write_ranges(self) -> str:
        """What stands behind the rows and the protection: merged ranges, rules, validations, links; tints are numbered in the order of the rules."""
        rules: defaultdict[str, list[str]] = defaultdict(list)
        known, find_number = self._shared.tints.known, self._shared.tints.find
        for priority, (place, tag, tint) in enumerate(self._rules, 1):
            number = known.get(id(tint))
            rules[place].append(tag % (find_number(tint) if number is None else number, priority))
        links = [self._links[place] for place in sorted(self._links)]
        return "".join(
            (
                _enclose(f'mergeCells count="{len(self._merged)}"', self._merged),
                *(_enclose(f'conditionalFormatting sqref="{place}"', tags) for place, tags in rules.items()),
                _enclose(f'dataValidations count="{len(self._validations)}"', self._validations.values()),
                _enclose("hyperlinks", links),
            )
        )

    # -- the same once more -----------------------------------------------------------------------------------------

    def cut_piece(self) -> Piece:
        """What a field has that was drawn on the sheet, and nothing else. Raises Unusual where it has ``OWN`` twice in one tag."""
        if any(tag.count(OWN) > 1 for tag in (*self._validations.values(), *self._links.values())):
            raise Unusual
        cells = [(row, col, 0, -1 if number else 0) for number, (row, col, *_) in enumerate(self._runs)]
        validations = [(0, place, tag) for place, tag in self._validations.items()]
        return Piece(
            cells, self._merged, self._rules, validations, [(0, tag) for tag in self._links.values()], self.names
        )

    def place(
        self,
        piece: Piece,
        looks: Sequence[StyleSpec],
        values: Sequence[Scalar],
        formulas: Sequence[tuple[int, str, Scalar]],
        titles: Sequence[str],
    ) -> None:
        """Draw the fields of a piece: each with a look and a value, formulas (by number, with their results), those that can be validated with a title."""
        validated, computed = [at for at, *_ in piece.validations], [at for at, *_ in formulas]
        known = KnownPiece(piece, looks, {}, dict(zip(validated, titles, strict=True)), computed)
        self.place_known(known, looks, values, [(formula, result) for _, formula, result in formulas], ())

    def place_known(
        self,
        known: KnownPiece,
        looks: Sequence[StyleSpec],
        values: Sequence[Scalar],
        formulas: Sequence[tuple[str, Scalar]],
        titles: Sequence[str],
    ) -> None:
        """The same, where much of it is known: formulas in the order of those that are computed, those of the titles that are the book's own."""
        take, texts = self._take_content, self._shared.texts
        contents = [
            EMPTY if (value := values[at]) is None else texts.get(value) or take(value)  # type: ignore[arg-type]
            for at in known.others
        ]
        contents += [_write_formula(formula, result) for formula, result in formulas]
        own, usual = tuple(contents), looks is known.looks
        self._runs += [
            (
                row,
                first,
                last,
                tags,
                shared if usual else tuple([looks[at] for at in places]),
                pick(own) if pick else (),
            )
            for row, first, last, tags, shared, places, pick in known.runs
        ]
        self._merged += known.merged
        self._rules += known.rules
        self.names += known.names
        validations = known.validations
        if not validations.keys().isdisjoint(self._validations):
            raise Unusual
        self._validations |= validations
        for (_, place, begun, ended), title in zip(known.called, titles, strict=True):
            self._validations[place] = begun + write_title(title) + ended
        for at, corner, tag in known.links:
            self._links[corner] = _fill_text(tag, str(values[at]))

    # -- all else: the calls that set it ----------------------------------------------------------------------------

    def list_calls(self) -> tuple[Settings, Calls]:
        """With what the sheet was made, and what was set. The cells at its corners decide how far it is said to extend."""
        if not self._runs:
            raise Unusual
        with_cells, lefts, rights, *_ = zip(*self._runs, strict=True)
        rows = {*self._heights, *with_cells}
        first, last = min(rows), max(rows)
        if first < 0 or last >= MAX_ROWS:
            raise Unusual
        corners = (("extend", place, ()) for place in ((first, min(lefts)), (last, max(rights))))
        return self._made, (*self._calls, *corners)

    def _keep(self, method: str, *given: Any, **named: Any) -> None:
        self._calls.append((method, given, tuple(named.items())))

    def columns(self, widths: Sequence[float]) -> None:
        """As on any sheet."""
        self._keep("columns", tuple(widths))

    def freeze(self, rows: int, cols: int = 0) -> None:
        """As on any sheet."""
        self._keep("freeze", rows, cols)

    def view(self, *, gridlines: bool = True, tab: str = "", active: bool = False) -> None:
        """As on any sheet."""
        self._keep("view", gridlines=gridlines, tab=tab, active=active)

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
    if text[:1] != "<" and len(text) <= MAX_TEXT // 2 and text.isprintable():
        return text
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


def _fill_text(tag: str, text: str) -> str:
    shown = clean_usual_text(text)
    if not shown:
        raise Unusual
    return tag.replace(OWN, escape_attribute(shown))


@lru_cache(1 << 13)
def _escape_formula(formula: str) -> str:
    if not is_writable_formula(formula) or formula.startswith(("{", "={")):
        raise Unusual
    return escape_text(clean_cell_text(formula).removeprefix("="))


@lru_cache(1 << 13)
def _write_text_formula(formula: str, value: str) -> str:
    content = write_result(_escape_formula(formula), clean_cell_text(value))
    if content is None:
        raise Unusual
    return content


def _write_formula(formula: str, value: Scalar) -> str:
    if value is None or isinstance(value, str):
        return _write_text_formula(formula, value or "")
    content = write_result(_escape_formula(formula), value)
    if content is None or (isinstance(value, float) and not math.isfinite(value)):
        raise Unusual
    return content


def _enclose(tag: str, inner: Collection[str]) -> str:
    return f"<{tag}>{''.join(inner)}</{tag.partition(' ')[0]}>" if inner else ""
