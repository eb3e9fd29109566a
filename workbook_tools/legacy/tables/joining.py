"""Parts of forms → whole forms: tables and sheets of one file that belong together, and what makes a form at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workbook_tools.legacy.tables.column_evidence import is_usual_sum
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm, Remark, Stated

# Parts of an indicator that another table of the same form may state.
_MAY_BE_FILLED = ("target", "actual", "completion", "weight", "score", "folded_score", "reason", "evidence")
RESULTS = frozenset({"actual", "score", "completion"})
"""Columns that tell a self-evaluation from a table of goals."""
_WANTED = "本程序在每张工作表（或 Word 表格）中寻找绩效自评表：指标表头（三级指标与指标值、完成值、分值、得分等列）、项目名称或单位名称、资金执行情况。"


def join_sheets(parts: list[HandmadeForm]) -> list[HandmadeForm]:
    """The forms of a workbook: each part with indicators, and what other sheets say where there is one form only."""
    whole = [part for part in parts if _has_rows(part)]
    others = [part for part in parts if not _has_rows(part) and _states_something(part)]
    if len(whole) == 1:
        for other in others:
            other.remarks = [remark for remark in other.remarks if remark.concern is not Concern.UNKNOWN]
            # What else stands on a sheet of instructions is no part of the form.
            other.cells_filled = other.cells_understood
            _join_part(whole[0], other)
    forms = [form for form in whole if is_form(form)]
    return [form for form in forms if form.entries] or forms[:1]


def join_tables(parts: list[HandmadeForm]) -> list[HandmadeForm]:
    """The forms of a Word document, whose tables follow each other: a table that names another project begins a new one."""
    forms: list[HandmadeForm] = []
    for part in parts:
        if not (_has_rows(part) or _states_something(part)):
            continue
        if forms and not _begins_another(forms[-1], part):
            _join_part(forms[-1], part)
        else:
            forms.append(part)
    return forms


def is_form(form: HandmadeForm) -> bool:
    """Indicators, and one more sign of a self-evaluation: whose, with what money, what for, or a title that says so."""
    named = bool({"project", "department", "unit", "both"} & form.head.keys())
    signs = named + bool(form.funding) + bool(form.title) + bool({"goal_annual", "goal_actual"} & form.texts.keys())
    signs += _has_all_points(form)
    if not form.columns & RESULTS and not any(entry.actual or entry.score for entry in form.entries):
        return False
    return bool(form.entries and signs) or bool(form.template_rows and signs > 1)


def _has_all_points(form: HandmadeForm) -> bool:
    """Targets, actuals and scores, and points that add up as those of a whole form do."""
    points = [entry.weight.value for entry in form.entries if entry.weight is not None]
    numbers = [value for value in points if isinstance(value, float)]
    return {"target", "actual", "score"} <= form.columns and is_usual_sum(sum(numbers))


def say_what_is_missing(parts: Iterable[HandmadeForm]) -> str:
    """What was looked for, and what of it was not there."""
    parts = list(parts)
    missing = []
    if not any(_has_rows(part) for part in parts):
        missing.append("指标表头及其下的指标")
    elif not any(part.columns & RESULTS for part in parts):
        missing.append("完成值或得分的列（这是绩效目标表）")
    if not any("project" in part.head or "both" in part.head for part in parts):
        missing.append("项目名称或单位名称")
    if not any(part.funding for part in parts):
        missing.append("资金执行情况")
    return f"{_WANTED}没有找到：{'、'.join(missing)}。" if missing else _WANTED


def join_entries(known: list[FormIndicator], more: list[FormIndicator], remarks: list[Remark]) -> list[FormIndicator]:
    """Entries of two tables of one form: another goal's indicators, or the scores of the same ones."""
    halves = [(_kinds_of_figures(known), _kinds_of_figures(more)), (_kinds_of_figures(more), _kinds_of_figures(known))]
    if any("score" not in one and not other & {"target", "actual"} for one, other in halves):
        return merge_entries(known, more, remarks)
    return [*known, *more]


def _kinds_of_figures(entries: list[FormIndicator]) -> set[str]:
    return {name for entry in entries for name in ("target", "actual", "score") if getattr(entry, name) is not None}


def merge_entries(known: list[FormIndicator], more: list[FormIndicator], remarks: list[Remark]) -> list[FormIndicator]:
    """Entries of two tables that tell the same: the one that holds all of the other's comes first and is filled up."""
    if known and more and _keys_of_names(known) <= _keys_of_names(more):
        known, more = more, known
    result = list(known)
    places: dict[str, list[int]] = {}
    for index, entry in enumerate(known):
        places.setdefault(label_key(entry.name.printed), []).append(index)
    for entry in more:
        indexes = places.get(label_key(entry.name.printed), [])
        same = next((i for i in indexes if _same_category(result[i], entry)), None)
        if same is None:
            result.append(entry)
        else:
            indexes.remove(same)
            result[same] = _fill_up(result[same], entry, remarks)
    return result


def _keys_of_names(entries: list[FormIndicator]) -> set[str]:
    return {label_key(entry.name.printed) for entry in entries}


def _same_category(one: FormIndicator, other: FormIndicator) -> bool:
    return not one.category or not other.category or one.category == other.category


def _fill_up(entry: FormIndicator, other: FormIndicator, remarks: list[Remark]) -> FormIndicator:
    changes: dict[str, object] = {}
    for name in _MAY_BE_FILLED:
        mine: Stated | None = getattr(entry, name)
        theirs: Stated | None = getattr(other, name)
        if mine is None and theirs is not None:
            changes[name] = theirs
        elif mine is not None and theirs is not None and mine.value != theirs.value:
            remarks.append(
                Remark(
                    concern=Concern.AMBIGUOUS,
                    where=theirs.where,
                    field=f"两处不一致：{without_blanks(entry.name.printed)}",
                    printed=theirs.printed,
                    taken=f"{mine.printed}（{mine.where.sheet} {mine.where.cell}）",
                    other=theirs.printed,
                )
            )
    if entry.target is None and other.target is not None:
        changes |= {"direction": other.direction, "direction_from": other.direction_from, "sign": other.sign}
    for name in ("dimension", "category", "unit", "sign", "remark"):
        if not getattr(entry, name) and getattr(other, name) and name not in changes:
            changes[name] = getattr(other, name)
    return replace(entry, **changes) if changes else entry  # type: ignore[arg-type]


def _has_rows(form: HandmadeForm) -> bool:
    return bool(form.entries or form.template_rows)


def _states_something(form: HandmadeForm) -> bool:
    return bool(form.head or form.funding or form.texts)


def _begins_another(form: HandmadeForm, part: HandmadeForm) -> bool:
    mine, theirs = form.head.get("project"), part.head.get("project")
    return bool(form.entries) and theirs is not None and (mine is None or mine.printed != theirs.printed)


def _join_part(form: HandmadeForm, part: HandmadeForm) -> None:
    """Take in what another table or sheet says of the same form."""
    form.entries = merge_entries(form.entries, part.entries, form.remarks)
    form.template_rows += part.template_rows
    form.columns |= part.columns
    form.points = {**part.points, **form.points}
    for name, stated in part.head.items():
        form.head.setdefault(name, stated)
    for name, stated in part.texts.items():
        form.texts.setdefault(name, stated)
    if not form.funding:
        form.funding, form.amount_unit = part.funding, part.amount_unit
    form.execution_rate = form.execution_rate or part.execution_rate
    form.execution_weight = form.execution_weight or part.execution_weight
    form.execution_score = form.execution_score or part.execution_score
    form.year = form.year or part.year
    form.total = form.total or part.total
    form.total_weight = form.total_weight or part.total_weight
    form.grade = form.grade or part.grade
    form.title = form.title or part.title
    form.remarks += part.remarks
    form.places |= part.places
    form.cells_understood += part.cells_understood
    form.cells_filled += part.cells_filled
