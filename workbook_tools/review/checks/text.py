"""TEXT: are the sections written, in the unit's own words, once, and for the right project?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import Finding
from workbook_tools.form.fields import FormBlock
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.declaring import TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import (
    Passage,
    are_alike,
    may_be_nil,
    normal_form,
    read_completion_passages,
    read_passages,
    rows_of_section,
    split_long_sentences,
)
from workbook_tools.rules import library
from workbook_tools.rules.scheme import TextSection

if TYPE_CHECKING:
    from rapidfuzz import fuzz
else:
    fuzz = LateModule("rapidfuzz.fuzz")

_GRAM = 4
"""Characters of the runs by which a text is compared with a prompt."""
_STANDING = 0.7
"""Share of a prompt's runs in a text from which the prompt still stands there; four fifths of a prompt hold so many."""
_PROMPT = 10
"""Characters from which a prompt is recognised inside a longer text; a shorter one only as the whole text."""
_COPIED = 10
"""Characters from which two equal sections are a copy: 无相关情况 may well stand twice."""
_LONG, _NEARLY = 30, 90.0
"""From so many characters on, sections that are so alike (percent) are a copy too: one figure was changed, no more."""
_BEGINNING = 2000
"""Characters of two sections that are compared; the time grows with their square."""
_BRIEF = 10
"""Characters below which a section says nothing, unless it states a figure: 已按要求完成."""
_FIGURE = re.compile("[0-9０-９]")
_HAS_CONTENT = ("overall", "funding", "arrival", "execution", "概况", "目标", "依据", "必要")
"""Drafts of sections, and words of their labels, about which there is always something to write."""
_NUMERAL = re.compile("(?!20\\d\\d年)(?<!\\d)\\d+|[一二三四五六七八九十百千万]{2,}")
"""A figure in a normal form; a year is none."""
_DONE = re.compile("已|完成了|达到了|实现了|[均都]完成|全部完成|如期|实际|截[至止]")
"""A result is told, not a goal: 已建成, 均完成, 截至年底."""
_REWORDED = 85.0
"""Percent of likeness from which two texts are the same but for a word."""
_MOST = 60
"""Sentences of a section that are compared; no honest section has more."""


@reports("TEXT01")
def sections_written(form: FilledForm) -> Iterator[Finding]:
    """报告规定的各部分都应填写，确无内容的写明“无”；没有该类指标的、写明见表而表中已填的，不用再写。"""
    sections = {section.key: section for section in form.scheme.texts}
    for item, word in form.problems:
        if item.block is FormBlock.TEXTS and word == library.EMPTY and not _is_needless(form, sections.get(item.part)):
            yield form.finding(item.name, "TEXT01")


def _is_needless(form: FilledForm, section: TextSection | None) -> bool:
    """A section about indicators of which there are none, or that stand in the table to which another section points."""
    if section is None or section.draft != "indicators":
        return False
    rows = rows_of_section(form, section)
    if not rows:
        return bool(form.counted_rows) or may_be_nil(section)
    return _is_answered(form, rows) and any(p.points_to_table for p in read_completion_passages(form))


def _is_answered(form: FilledForm, rows: Sequence[FormRow]) -> bool:
    return bool(rows) and all(form.is_typed(row.name("actual")) for row in rows)


def _read_texts(form: FilledForm) -> Iterator[tuple[str, str]]:
    """All texts of the unit, reasons included: field name and text."""
    for item in form.layout.paragraphs:
        content = form.text(item.name)
        if content:
            yield item.name, content


@reports("TEXT02", needs=(TEXTS,))
def no_instructions_left(form: FilledForm) -> Iterator[Finding]:
    """报告中不应留有填表说明的原话：整段照抄，或八成以上相同。"""
    known, all_parts = _list_prompts(frozenset(item.prompt for item in form.layout.paragraphs))
    for name, content in _read_texts(form):
        plain = normal_form(content)
        grams = _cut_into_grams(plain) & all_parts
        for prompt, instruction, parts in known:
            inside = len(instruction) >= _PROMPT and len(parts & grams) >= _STANDING * len(parts)
            if inside or plain == instruction:
                yield form.finding(name, "TEXT02", f"留有填表说明“{prompt}”", found=content)
                break


@lru_cache(maxsize=64)
def _list_prompts(prompts: frozenset[str]) -> tuple[list[tuple[str, str, frozenset[str]]], frozenset[str]]:
    """Each prompt as written, in normal form, and cut into grams; and the grams of all."""
    known = [(prompt, plain, _cut_into_grams(plain)) for prompt in sorted(prompts) if (plain := normal_form(prompt))]
    return known, frozenset[str]().union(*[parts for *_, parts in known])


@lru_cache(maxsize=512)
def _cut_into_grams(plain: str) -> frozenset[str]:
    return frozenset(plain[i : i + _GRAM] for i in range(len(plain) - _GRAM + 1))


@reports("TEXT11", needs=(TEXTS,))
def sections_not_brief(form: FilledForm) -> Iterator[Finding]:
    """各部分应写具体内容，不宜以“略”“同上”或三言两语代替；确无内容的写“无”，写出数字的再短也是内容。"""
    for passage in read_passages(form):
        plain = normal_form(passage.text)
        if plain in ("略", "同上") or (len(plain) < _BRIEF and not _may_be_brief(form, passage)):
            yield form.finding(passage.name, "TEXT11", found=passage.text)


def _may_be_brief(form: FilledForm, passage: Passage) -> bool:
    section = passage.section
    rows = rows_of_section(form, section)
    if passage.points_to_table:
        return _is_answered(form, rows or form.counted_rows)
    if normal_form(passage.text) == normal_form(form.submission.project.annual_goal):
        return True
    if passage.says_none:
        fixed = section.draft in _HAS_CONTENT or any(word in section.label for word in _HAS_CONTENT)
        return may_be_nil(section) or not (fixed or rows)
    return may_be_nil(section) or _FIGURE.search(passage.text) is not None


@reports("TEXT05", "TEXT08", needs=(TEXTS,))
def sections_differ(form: FilledForm) -> Iterator[Finding]:
    """各部分应按各自的要求填写，不应照抄另一部分；完成情况与目标、总体与分项写的是同一件事，写出结果的不算照抄。"""
    written = [(p, normal_form(p.text), split_long_sentences(p.text)[:_MOST]) for p in read_passages(form) if not p.nil]
    goals = _Goals(form)
    for (first, one, known), (second, other, own) in combinations(written, 2):
        if _is_copy(one, other) and not goals.is_result_of(first, second, one, other):
            yield form.finding(second.name, "TEXT05", f"与“{first.section.label}”整段相同", found=second.text)
            continue
        alike = ((sentence, plain, k) for sentence, plain in own for _, k in known if are_alike(plain, k))
        repeated = dict.fromkeys(s for s, plain, k in alike if not goals.may_be_alike(first, second, k, plain))
        if repeated:
            message = f"有{len(repeated)}句话与“{first.section.label}”相同或相近"
            yield form.finding(second.name, "TEXT08", message, found=next(iter(repeated)))


class _Goals:
    """Which sections of a form tell goals and which results; what of them may rightly be alike."""

    def __init__(self, form: FilledForm) -> None:
        self._results = {p.name for p in read_completion_passages(form)}
        goals = form.scheme.form.goals
        self._pair = {goals.expected, goals.actual} if goals else set()

    def is_result_of(self, first: Passage, second: Passage, one: str, other: str) -> bool:
        """Of two texts (normal forms, from these sections) the one is a goal, the other tells its result."""
        if self._is_goal(second):
            first, second, one, other = second, first, other, one
        return self._is_goal(first) and second.name in self._results and _tells_result(one, other)

    def may_be_alike(self, first: Passage, second: Passage, one: str, other: str) -> bool:
        """Two sentences may be alike: a result and its goal, but not to the letter; what is told in all, and in part."""
        if {first.section.draft, second.section.draft} == {"overall", "indicators"}:
            return True
        if {first.section.key, second.section.key} == self._pair:
            return one != other
        return self.is_result_of(first, second, one, other)

    def _is_goal(self, passage: Passage) -> bool:
        return "目标" in passage.section.label and passage.name not in self._results


def _tells_result(goal: str, result: str) -> bool:
    """The result has figures that the goal lacks, or is the goal but for a word that says it is done."""
    if set(_NUMERAL.findall(result)) - set(_NUMERAL.findall(goal)):
        return True
    return fuzz.ratio(goal, result) >= _REWORDED and bool(_DONE.search(result)) and not _DONE.search(goal)


def _is_copy(one: str, other: str) -> bool:
    """Two sections, in normal form, are the same but for a few characters."""
    if one == other:
        return len(one) >= _COPIED
    long = min(len(one), len(other)) >= _LONG
    return long and fuzz.ratio(one[:_BEGINNING], other[:_BEGINNING], score_cutoff=_NEARLY) > 0


CHECKS: tuple[Check, ...] = (
    sections_written,
    no_instructions_left,
    sections_not_brief,
    sections_differ,
)
