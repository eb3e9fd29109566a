"""What the eye sees of a returned workbook, held against what was issued: a reader must see what we read.

The layout, built anew from the signed content, says what an issued workbook shows; the package says what this one
shows. What programs do by themselves when they save (other numbers of styles, heights that grew, wider columns) is
no difference. Many cells of a sheet with the same fault are one finding.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice

from workbook_tools.core.cells import Place, Span, column_letters
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Value
from workbook_tools.excel import styles
from workbook_tools.excel.cell_looks import CellLook, Tinting, is_light
from workbook_tools.excel.format_codes import hides_value, is_same_format, name_format, shows_value
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.rich_runs import find_hidden_run, find_strokes
from workbook_tools.excel.sheet_frame import TintRule
from workbook_tools.excel.tint_rules import hides_by_rule
from workbook_tools.form import identity_sheet
from workbook_tools.form.fields import Field, Kind, Layout, Role, SheetPlan
from workbook_tools.form.printed_texts import digest_texts, normal_text
from workbook_tools.workbooks import buttons
from workbook_tools.workbooks.cell_text import is_same
from workbook_tools.workbooks.field_frames import EMPTY_TINT
from workbook_tools.workbooks.printed_sight import list_unprinted
from workbook_tools.workbooks.typing_checks import find_changed_checks

Placed = tuple[Field, Place]
_OUR_TINTS = frozenset(
    (tint.colour.lstrip("#"), tint.fill.lstrip("#"))
    for tint in (
        EMPTY_TINT,
        styles.ERROR_TINT,
        styles.WARNING_TINT,
        styles.OK_TINT,
        styles.INFO_TINT,
        styles.NOTICE_TINT,
        *(styles.Tint(styles.INK, fill) for fill in (styles.INPUT_FILL, styles.COMPUTED_FILL, "")),
    )
)
"""Ink and ground of the conditional formats that we issue: all of them can be read."""
_ALIKE = 0.5
"""From this share of our labels in their places a sheet looks like one of ours."""
_PROBED_LABELS, _PROBED_SHEETS = 12, 20
_AS_TYPED = ("@", "")
"""The format for texts in place of none: whatever is typed is shown as it is."""
_NAMED_AT_MOST = 6
"""Rows or columns that a finding names."""


def is_our_tint(tint: Tinting) -> bool:
    """A conditional format changes nothing, or what ours change."""
    colours = (tint.ink or "", tint.ground or "")
    return tint.number_format is None and not tint.struck and (colours in _OUR_TINTS or colours == ("", ""))


class FormSight:
    """What is seen of a form."""

    def __init__(
        self,
        raw: RawWorkbook,
        layout: Layout,
        titles: Mapping[str, str],
        cells: Iterable[Placed],
        texts: Mapping[str, str],
        known: Container[str] = (),
    ) -> None:
        """``titles``: sheet of the layout → its title in the workbook; ``cells``: the named fields and where they are;
        ``texts``: sheet of the layout → the digest of its texts as they were issued; ``known``: sheets that are as they were issued."""
        self._raw, self._layout, self._titles, self._texts, self._known = raw, layout, titles, texts, known
        self._placed: dict[str, list[Placed]] = {}
        for item, place in cells:
            self._placed.setdefault(place.sheet, []).append((item, place))
        self.asks_values: set[str] = set()
        """Sheets where what a cell holds has decided something of how the frame compares."""

    def compare(self) -> Iterator[Finding]:
        """What is seen differently from what was issued."""
        raw, layout, titles = self._raw, self._layout, self._titles
        yield from _compare_settings(raw, lockable=bool(self._texts))
        for title, plan in layout.sheets.items():
            if title in titles and title not in self._known:
                sight = _SheetSight(raw, layout, plan, titles[title], self._placed.get(titles[title], []))
                yield from sight.compare_texts(self._texts.get(title, ""))
                yield from sight.compare()
                self.asks_values |= {title} if sight.asks_values else set()
        yield from find_lookalikes(raw, layout, titles)
        for unprinted in list_unprinted(raw, layout, titles, self._placed):
            self.asks_values.add(unprinted.title)
            yield from unprinted.tell(raw)
        for name, sheet, target in raw.shadowing_names(titles.values()):
            if name in layout.fields:
                named = layout.fields[name]
                yield finding("TAMPER31", sheet=sheet, cell=named.cell, field=named.label, found=f"{name} → {target}")


def _compare_settings(raw: RawWorkbook, *, lockable: bool) -> Iterator[Finding]:
    """How the workbook as a whole is calculated and shown; what was issued before its texts were signed was not locked either."""
    settings = raw.settings
    changed = {
        "手动计算": settings.manual,
        "以显示精度为准": settings.rounds_values,
        "日期从 1904 年算起": settings.from_1904,
    }
    if any(changed.values()):
        yield finding("TAMPER32", found="、".join(name for name, on in changed.items() if on))
    if lockable and settings.keeps_locks and not settings.locked:
        yield finding("TAMPER34")
    if settings.tabs_hidden:
        yield finding("TAMPER33", found="不显示工作表标签")


def find_lookalikes(raw: RawWorkbook, layout: Layout, titles: Mapping[str, str]) -> Iterator[Finding]:
    """Sheets that are seen and not read, and look like one of ours or bear its title."""
    known = {*titles.values(), identity_sheet.TITLE, buttons.TITLE}
    others = (title for title in raw.sheets if title not in known and not raw.hidden(title))
    for other in islice(others, _PROBED_SHEETS):
        alike = next((title for title, plan in layout.sheets.items() if _looks_like(raw, other, plan)), "")
        if alike or other in layout.sheets:
            yield finding("TAMPER23", sheet=other, expected=titles.get(alike or other, alike or other))


def _looks_like(raw: RawWorkbook, sheet: str, plan: SheetPlan) -> bool:
    labels = [item for item in plan.fields if item.role is Role.LABEL and isinstance(item.value, str) and item.value]
    probed = labels[:_PROBED_LABELS]
    same = 0
    with suppress(UnreadableWorkbook):  # A sheet that cannot be read is none that anybody takes for ours.
        same = sum(is_same(raw.value(Place(sheet, f.span.row, f.span.col)), f.value) for f in probed)
    return bool(probed) and same >= _ALIKE * len(probed)


class _SheetSight:
    """One sheet of the layout, and the sheet of the workbook that it is."""

    def __init__(self, raw: RawWorkbook, layout: Layout, plan: SheetPlan, title: str, placed: Sequence[Placed]) -> None:
        self.raw, self.layout, self.plan, self.title, self.named = raw, layout, plan, title, placed
        self.frame = raw.frame(title, is_our_tint)
        self.asks_values = False
        """What a cell holds has decided something."""
        self.moves = {(place.row - item.span.row, place.col - item.span.col) for item, place in placed} or {(0, 0)}
        """How far cells have moved where rows or columns were inserted."""
        self.unmoved = self.moves == {(0, 0)}
        self.placed = [*placed, *((item, self._find_label(item)) for item in plan.fields if not item.name)]

    def compare(self) -> Iterator[Finding]:
        """All that is seen differently on the sheet."""
        if self.raw.hidden(self.title):
            yield finding("TAMPER22", sheet=self.title)
        yield from self._find_hidden_lines()
        yield from self._compare_looks()
        yield from self._compare_merges()
        yield from self._find_objects()
        yield from self._compare_rules()
        yield from self._compare_checks()
        if self.frame.page_words:
            yield finding("TAMPER37", sheet=self.title, found="；".join(self.frame.page_words))
        views = {"不显示零值": self.frame.zeros_hidden, "显示公式": self.frame.formulas_shown}
        if any(views.values()):
            yield finding("TAMPER33", sheet=self.title, found="、".join(name for name, on in views.items() if on))

    def _report(
        self, code: str, placed: Sequence[Placed], found: str = "", message: str = "", expected: str = ""
    ) -> Iterator[Finding]:
        """One finding for all these cells, at the first of them; none where there are none."""
        if placed:
            item, place = min(placed, key=lambda one: (one[1].row, one[1].col))
            many = f"{len(placed)}处，如 {_name(item)}" if len(placed) > 1 else ""
            found = "；".join(filter(None, (found, many)))
            yield finding(
                code, message, sheet=self.title, cell=place.cell, field=_name(item), found=found, expected=expected
            )

    def _find_label(self, item: Field) -> Place:
        """Where a label stands now: it has no name, and moves as the cells around it do."""
        stays = Place(self.title, item.span.row, item.span.col)
        if self.unmoved:
            return stays
        moved = (Place(self.title, stays.row + down, stays.col + right) for down, right in sorted(self.moves))
        found = (p for p in (stays, *moved) if min(p.row, p.col) >= 0 and is_same(self.raw.value(p), item.value))
        return next(found, stays)

    # -- texts ----------------------------------------------------------------------------------------------------

    def compare_texts(self, issued: str) -> Iterator[Finding]:
        """The texts of the form itself: as the digest says, or as we would draw them today."""
        if not issued:
            return
        texts = list(self._list_texts())
        formulas = self.raw.sheet_formulas(self.title).keys() - self._named_places
        if not formulas and digest_texts(value for _, value in texts) == issued:
            return
        changed: list[tuple[Place, Value, Value]] = []
        for item, place in self.placed[len(self.named) :]:
            value = _as_value(self.raw.value(place))
            if (place.row, place.col) in formulas:
                value = f"={self.raw.formula(place)}"
            if not is_same(value, item.value):
                changed.append((place, value, item.value))
        labels = {(place.row, place.col) for _, place in self.placed[len(self.named) :]}
        changed += [(Place(self.title, *at), value, None) for at, value in texts if at not in labels]
        if changed:
            place, value, expected = min(changed, key=lambda one: (one[0].row, one[0].col))
            message = "表内多出了文字" if expected in (None, "") else ""
            many = f"（共 {len(changed)} 处）" if len(changed) > 1 else ""
            yield finding(
                "TAMPER21",
                message,
                sheet=self.title,
                cell=place.cell,
                found=f"{normal_text(value) or '空白'}{many}",
                expected=normal_text(expected),
            )

    @cached_property
    def _named_places(self) -> set[tuple[int, int]]:
        """Where the named cells are, and where those that have lost their place were issued."""
        found = {item.name for item, _ in self.named}
        lost = {(item.span.row, item.span.col) for item in self.plan.fields if item.name and item.name not in found}
        return lost | {(place.row, place.col) for _, place in self.named}

    def _list_texts(self) -> Iterator[tuple[tuple[int, int], Value]]:
        """What stands on the sheet outside the named cells, by row and column, from above to below."""
        contents = self.raw.contents(self.title)
        if contents is not None:
            for place, value in zip(self.raw.skeleton(self.title).places, contents, strict=True):
                if value is not None and value != "" and place not in self._named_places:
                    yield place, _as_value(value)
            return
        for row, values in enumerate(self.raw.rows(self.title)):
            for col, value in enumerate(values):
                if value != "" and (row, col) not in self._named_places:
                    plain = isinstance(value, str)
                    yield (row, col), value if plain else _as_value(self.raw.value(Place(self.title, row, col)))

    # -- what hides ---------------------------------------------------------------------------------------------------

    def _find_hidden_lines(self) -> Iterator[Finding]:
        """Rows and columns that are hidden, squeezed to nothing, or out of reach above a frozen pane."""
        low = self.raw.low_rows(self.title)
        if not low.rows and not self.frame.hides_lines:
            return
        rows: dict[int, Placed] = {}
        columns: dict[int, Placed] = {}
        for item, place in self.placed:
            high, wide = _size(item)
            down, across = range(place.row, place.row + high), range(place.col, place.col + wide)
            if all(low.holds(row, self.frame) for row in down):
                rows |= {row: (item, place) for row in down if row not in rows}
            if all(self.frame.is_narrow(col) for col in across):
                columns |= {col: (item, place) for col in across if col not in columns}
        for lines, found in (
            (rows, f"第 {_list_some(str(row + 1) for row in sorted(rows))} 行"),
            (columns, f"{_list_some(column_letters(col) for col in sorted(columns))} 列"),
        ):
            if lines:
                item, place = lines[min(lines)]
                yield finding("TAMPER24", sheet=self.title, cell=place.cell, field=_name(item), found=found)

    def _compare_looks(self) -> Iterator[Finding]:
        """Of each cell whether its content is seen, and as it is; and whether what was issued locked is locked."""
        look_at = self.raw.looks_of(self.title)
        flawed: dict[str, list[Placed]] = {}
        changed: dict[tuple[str, str], list[Placed]] = {}
        struck: dict[str, list[Placed]] = {}
        unlocked: list[Placed] = []
        given = Role.INPUT
        rich = self.raw.rich_texts
        self.asks_values |= self.raw.has_faint_texts
        for item, place in self.placed:
            look = look_at(place.row, place.col)
            if not is_light(look.grounds):  # what is read on a light ground may not be read on this one
                self.asks_values = True
            if rich and (unseen := find_hidden_run(self.raw.value(place), rich, look)):
                flawed.setdefault(unseen, []).append((item, place))
            if look.struck:
                self.asks_values = True
            if (rich or look.struck) and (drawn := find_strokes(self.raw.value(place), rich, look)):
                struck.setdefault(drawn, []).append((item, place))
            if look.flaw or look.may_hide:
                if flaw := self._find_flaw(item, place, look):
                    flawed.setdefault(flaw, []).append((item, place))
            if look.number_format != item.number_format and self._shows_other(item, place, look):
                changed.setdefault((look.number_format, item.number_format), []).append((item, place))
            if not look.locked and item.role is not given:
                unlocked.append((item, place))
        for flaw, placed in flawed.items():
            yield from self._report("TAMPER25", placed, flaw)
        for drawn, placed in struck.items():
            yield from self._report("TAMPER38", placed, drawn)
        for (code, issued), placed in changed.items():
            message = "" if placed[0][0].role is Role.INPUT else "锁定的单元格的数字格式被改动"
            yield from self._report("TAMPER26", placed, f"格式 {name_format(code)}", message, name_format(issued))
        yield from self._report("TAMPER35", unlocked)

    def _find_flaw(self, item: Field, place: Place, look: CellLook) -> str:
        """Why nothing is seen of a cell; empty where its content can be read."""
        if not _has_content(item):
            return ""
        hidden = any(hides_value(value, look.number_format) for value in self._values(item, place))
        return look.flaw or (f"数字格式 {look.number_format} 不显示内容" if hidden else "")

    def _values(self, item: Field, place: Place) -> list[float | str]:
        """What is in a cell, or may be in it once it is calculated; nothing for an input that is blank."""
        self.asks_values = True
        value = self.raw.value(place)
        if value is not None and not isinstance(value, bool):
            return [value]
        if item.role is not Role.FORMULA:
            return []
        return ["文字"] if item.kind is Kind.TEXT else [1.0]

    def _shows_other(self, item: Field, place: Place, look: CellLook) -> bool:
        """A number format, other than the issued one, that shows something else: in a locked cell it may not be another at all."""
        issued, code = item.number_format, look.number_format
        if is_same_format(code, issued) or (item.role is Role.INPUT and (code, issued) == _AS_TYPED):
            return False
        values = [value for value in self._values(item, place) if not hides_value(value, code)]
        locked = item.role in (Role.FIXED, Role.FORMULA)
        return bool(values) and (locked or not all(shows_value(value, code, issued) for value in values))

    def _compare_merges(self) -> Iterator[Finding]:
        """Merges that hide cells of ours: they begin in another cell. One that is gone hides nothing."""
        issued = {(f.span.row, f.span.col, f.span.last_row, f.span.last_col) for f in self.plan.fields}
        for merge in self.frame.merges:
            if merge in issued and self.unmoved:
                continue
            span = Span(*merge)
            covered = [one for one in self._under(span) if (one[1].row, one[1].col) != (span.row, span.col)]
            yield from self._report("TAMPER27", covered, span.range())

    def _find_objects(self) -> Iterator[Finding]:
        """What is drawn over cells of ours."""
        kinds: dict[str, None] = {}
        covered: dict[Place, Placed] = {}
        for item in self.raw.objects(self.title, self.frame):
            under = self._under(item.span)
            if under:
                kinds[item.kind] = None
                covered |= {place: (field, place) for field, place in under}
        yield from self._report("TAMPER28", list(covered.values()), "、".join(kinds))
        if self.frame.backgrounds:
            yield finding("TAMPER28", "有不是下发的图片", sheet=self.title, found="、".join(self.frame.backgrounds))

    def _under(self, span: Span) -> list[Placed]:
        """The cells of ours that a rectangle touches."""
        return [
            (item, place)
            for item, place in self.placed
            if place.row <= span.last_row
            and place.col <= span.last_col
            and place.row + item.span.last_row - item.span.row >= span.row
            and place.col + item.span.last_col - item.span.col >= span.col
            and _has_content(item)
        ]

    def _compare_rules(self) -> Iterator[Finding]:
        """Conditional formats in other colours than ours: some hide the text, the others only colour it."""
        hidden: dict[Place, Placed] = {}
        coloured: dict[Place, Placed] = {}
        for rule in self.frame.rules:
            if self._is_ours(rule):
                continue
            tint = rule.tint or self.raw.looks.tint(rule.number)
            for item, place in self.placed:
                if (place.row, place.col) in rule.area and _has_content(item):
                    is_hidden = hides_by_rule(rule, tint, self.raw.look(place))
                    (hidden if is_hidden else coloured).setdefault(place, (item, place))
        yield from self._report("TAMPER25", list(hidden.values()), "条件格式把内容变得看不见")
        yield from self._report("TAMPER29", [one for place, one in coloured.items() if place not in hidden])

    def _is_ours(self, rule: TintRule) -> bool:
        """A rule in colours of ours, or without any."""
        return not rule.draws and is_our_tint(rule.tint or self.raw.looks.tint(rule.number))

    def _compare_checks(self) -> Iterator[Finding]:
        """Lists and limits of what may be typed."""
        self.asks_values |= any(check.kind == "list" and not check.first.startswith('"') for check in self.frame.checks)
        changed = find_changed_checks(
            self.raw, self.layout, self.frame.checks, [p for p in self.placed if p[0].role is Role.INPUT]
        )
        yield from self._report("TAMPER30", changed)


def _name(item: Field) -> str:
    """What people call a field; a label by its own text."""
    return item.label or str(item.value or "")[:30]


def _has_content(item: Field) -> bool:
    """There is something to see in it; a label without text is a patch of colour."""
    return item.role is not Role.LABEL or item.value not in (None, "")


def _as_value(value: float | str | bool | None) -> Value:
    return ("TRUE" if value else "FALSE") if isinstance(value, bool) else value


def _size(item: Field) -> tuple[int, int]:
    """Rows and columns that it covers."""
    return item.span.last_row - item.span.row + 1, item.span.last_col - item.span.col + 1


def _list_some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" 等 {len(listed)} " if len(listed) > _NAMED_AT_MOST else ""
    return "、".join(listed[:_NAMED_AT_MOST]) + more
