"""Whose form it is: project, units and year, from the labels, or from the title where there are none."""

from __future__ import annotations

import re
from dataclasses import replace

from workbook_tools.legacy.tables.labels import Said, is_title, label_of, year_in
from workbook_tools.legacy.words.figures import find_money_unit
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

_YEAR_LINE = re.compile(r"[(（]20\d{2}年度?[)）]")
_YEAR_BEFORE = re.compile(r"^\d*年?度?")
_NO_NAME = re.compile(r"[\d()（）年度 ]")


def unit_of(titles: list[GridCell]) -> str:
    """The money unit that stands above the form (金额单位：元)."""
    return next((unit for c in titles if "单位" in c.shown and (unit := find_money_unit(c.shown))), "")


def take_head(form: HandmadeForm, said: Said, titles: list[GridCell], words: Vocabulary) -> None:
    """Project, units, year, texts, total and grade, as labels beside them and the title say."""
    head = said.head
    for twin in ("department", "unit"):
        if twin not in head and "both" in head:
            head[twin] = head["both"]
    if "unit" not in head and "reporter" in head:
        head["unit"] = head["reporter"]
    title = next((c for c in titles if is_title(c, words)), None)
    form.title = without_blanks(title.shown) if title else ""
    form.year = (
        year_in([c for c in titles if is_title(c, words)]) or _stated_year(head) or year_in(_lines(titles, words))
    )
    form.head, form.texts = head, said.texts
    form.total, form.grade = head.get("total"), head.get("grade")


def _lines(titles: list[GridCell], words: Vocabulary) -> list[GridCell]:
    """Lines above the form that may hold its year: short ones, and one in brackets with more behind it."""
    return [
        c
        for c in titles
        if _YEAR_LINE.match(without_blanks(c.shown))
        or (len(without_blanks(c.shown)) <= 12 and label_of(c.shown, words) is None and "年" in c.shown)
    ]


def _stated_year(head: dict[str, Stated]) -> Stated | None:
    stated = head.get("year")
    if stated is None:
        return None
    digits = "".join(c for c in str(stated.value)[:6] if c.isdigit())
    return replace(stated, value=float(digits)) if len(digits) == 4 else None


def name_from_title(form: HandmadeForm, titles: list[GridCell], words: Vocabulary) -> None:
    """A form of a whole department has no project's name; its title says so."""
    if "project" in form.head:
        return
    title = next((c for c in titles if is_title(c, words)), None)
    if title is None:
        return
    text = without_blanks(title.shown)
    whole = max((word for word in words.words("marks", "whole") if word in text), key=len, default="")
    if whole:
        form.head["project"] = Stated(whole, title.shown, title.where)
        for twin, other in (("unit", "department"), ("department", "unit")):
            if twin not in form.head and other in form.head:
                form.head[twin] = form.head[other]
        return
    name = _project_in(text, words)
    if name:
        form.head["project"] = Stated(name, title.shown, title.where)
        form.remarks.append(
            Remark(
                concern=Concern.AMBIGUOUS,
                where=title.where,
                field="项目名称",
                printed=title.shown,
                taken=name,
                other="表上没有项目名称",
            )
        )


def _project_in(title: str, words: Vocabulary) -> str:
    """What stands before 绩效自评表 in a title, if it is more than words of the trade (项目支出)."""
    rest = title
    for word in sorted(words.words("marks", "title_words"), key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _NO_NAME.sub("", rest)
    before = title.partition("绩效")[0].partition("自评")[0]
    return (_YEAR_BEFORE.sub("", before) or rest) if len(rest) > 1 else ""
