"""Whose form it is: project, units and year, from the labels, or from the title where there are none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from workbook_tools.legacy.tables.labelled_values import LabelledValues
from workbook_tools.legacy.tables.labels import find_label
from workbook_tools.legacy.tables.titles_and_notes import find_year_in, is_title
from workbook_tools.legacy.words.figures import find_money_unit
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.legacy.words.years import in_arabic


def find_unit_above(lines: list[GridCell]) -> str:
    """The money unit that stands above the form (金额单位：元)."""
    return next((unit for c in lines if "单位" in c.shown and (unit := find_money_unit(c.shown))), "")


# 注：本表金额单位：元, 单位为千元: below the tables, where nothing above them says it.
_UNIT_NOTED = re.compile(r"单位[:：为是](?:人民币)?(百万元|万元|亿元|千元|百元|元)(?![/／])")


def names_unit(text: str) -> bool:
    """A note names the unit of money."""
    return _UNIT_NOTED.search(without_blanks(text)) is not None


def find_unit_noted(cells: Iterable[GridCell]) -> str:
    """The money unit that notes name; blank where they name none, or several."""
    found = {unit for cell in cells for unit in _UNIT_NOTED.findall(without_blanks(cell.shown))}
    return found.pop() if len(found) == 1 else ""


def fill_head(form: HandmadeForm, values: LabelledValues, lines: list[GridCell], words: Vocabulary) -> None:
    """Project, units, year, texts, total and grade, as the labels say, and the title among the ``lines`` above the table."""
    head = values.head
    for twin in ("department", "unit"):
        if twin not in head and "both" in head:
            head[twin] = head["both"]
    if "unit" not in head and "reporter" in head:
        head["unit"] = head["reporter"]
    titles = [c for c in lines if is_title(c, words)]
    form.title = without_blanks(titles[0].shown) if titles else ""
    form.year = find_year_in(titles) or _labelled_year(head) or find_year_in(_year_lines(lines, words))
    form.head, form.texts = head, values.texts
    if "goal_annual" not in form.texts and "goal_adjusted" in form.texts:
        form.texts["goal_annual"] = form.texts.pop("goal_adjusted")
    form.total, form.grade = head.get("total"), head.get("grade")


# （2023年度）  金额单位：万元: the year in brackets begins the line below the title, with more behind it.
_BRACKETED_YEAR = re.compile(r"[(（]20\d{2}年度?[)）]")
# 2024年度项目资金使用效果自查表: a title that is called as no title of ours.
_YEAR_OF_TITLE, _LONGEST_TITLE = re.compile(r"20\d{2}年度\D"), 30
# Of any other line that may hold the year (自评年度为2023年, 二〇二三年度); a longer one speaks of something else, and
# 2025年3月1日 of the day on which the form was filled in.
_LONGEST_YEAR_LINE, _DAY = 12, re.compile(r"年\d{1,2}月(?:\d{1,2}日?)?\D*$")


def _year_lines(lines: list[GridCell], words: Vocabulary) -> list[GridCell]:
    """Lines above the form that may hold its year."""
    return [
        c
        for c in lines
        if _BRACKETED_YEAR.match(text := without_blanks(c.shown))
        or (_YEAR_OF_TITLE.match(text) and len(text) <= _LONGEST_TITLE and not text.endswith(("。", "；")))
        or (
            len(text) <= _LONGEST_YEAR_LINE
            and "年" in text
            and find_label(c.shown, words) is None
            and not _DAY.search(in_arabic(text))
        )
    ]


# 评价年度：2023, （2023）年度: the year is all there is of figures among the first characters; 2022-2023 and 2023年1月 are none.
_YEAR_WITHIN = 6


def _labelled_year(head: dict[str, Stated]) -> Stated | None:
    stated = head.get("year")
    if stated is None:
        return None
    digits = "".join(c for c in str(stated.value)[:_YEAR_WITHIN] if c.isdigit())
    return replace(stated, value=float(digits)) if len(digits) == len("2023") else None


def name_from_title(form: HandmadeForm, lines: list[GridCell], words: Vocabulary) -> None:
    """The project's name from the title where no label gives it; a form of a whole department is called by what it is."""
    title = next((c for c in lines if is_title(c, words)), None)
    if "project" in form.head or title is None:
        return
    text = without_blanks(title.shown)
    whole = max((word for word in words.words("marks", "whole") if word in text), key=len, default="")
    if whole:
        form.head["project"] = Stated(whole, title.shown, title.where)
        for twin, other in (("unit", "department"), ("department", "unit")):
            if twin not in form.head and other in form.head:
                form.head[twin] = form.head[other]
        return
    name = _project_in_title(text, words)
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


# What is no name: figures, brackets, 年度.
_NO_NAME = re.compile(r"[\d()（）年度 ]")
# 2023年度 before the name.
_YEAR_BEFORE = re.compile(r"^\d*年?度?")
# Where the name ends in a title (防疫经费绩效自评表, 防疫经费自评表).
_BEHIND_NAME = ("绩效", "自评")


def _project_in_title(title: str, words: Vocabulary) -> str:
    """What stands before 绩效自评表 in a title, if it is more than words of the trade (项目支出)."""
    rest = title
    for word in sorted(words.words("marks", "title_words"), key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _NO_NAME.sub("", rest)
    before = title
    for word in _BEHIND_NAME:
        before = before.partition(word)[0]
    return (_YEAR_BEFORE.sub("", before) or rest) if len(rest) > 1 else ""
