"""TEXT: are the sections written, in the unit's own words, once, and for the right project?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from rapidfuzz import fuzz

from workbook_tools.core.findings import Finding
from workbook_tools.form.fields import FormBlock, Kind, Role
from workbook_tools.review.checks.declaring import TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import are_alike, normal_form, read_passages, split_long_sentences
from workbook_tools.rules import library

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
"""Characters below which a section says nothing: 已按要求完成."""
_MOST = 60
"""Sentences of a section that are compared; no honest section has more."""


@reports("TEXT01")
def sections_written(form: FilledForm) -> Iterator[Finding]:
    """报告规定的各部分都应填写，确无内容的写明“无”。"""
    for item, word in form.problems:
        if item.block is FormBlock.TEXTS and word == library.EMPTY:
            yield form.finding(item.name, "TEXT01")


def _read_texts(form: FilledForm) -> Iterator[tuple[str, str]]:
    """All texts of the unit, reasons included: field name and text."""
    for item in form.layout.role(Role.INPUT):
        if item.kind is Kind.PARAGRAPH:
            content = form.text(item.name)
            if content:
                yield item.name, content


@reports("TEXT02", needs=(TEXTS,))
def no_instructions_left(form: FilledForm) -> Iterator[Finding]:
    """报告中不应留有填表说明的原话：整段照抄，或八成以上相同。"""
    prompts = {item.prompt for item in form.layout.role(Role.INPUT) if item.kind is Kind.PARAGRAPH}
    known = [(prompt, plain, _cut_into_grams(plain)) for prompt in sorted(prompts) if (plain := normal_form(prompt))]
    for name, content in _read_texts(form):
        plain = normal_form(content)
        grams = _cut_into_grams(plain)
        for prompt, instruction, parts in known:
            inside = len(instruction) >= _PROMPT and len(parts & grams) >= _STANDING * len(parts)
            if inside or plain == instruction:
                yield form.finding(name, "TEXT02", f"留有填表说明“{prompt}”", found=content)
                break


@lru_cache(maxsize=512)
def _cut_into_grams(plain: str) -> frozenset[str]:
    return frozenset(plain[i : i + _GRAM] for i in range(len(plain) - _GRAM + 1))


@reports("TEXT11", needs=(TEXTS,))
def sections_not_brief(form: FilledForm) -> Iterator[Finding]:
    """各部分应写具体内容，不宜以“略”“同上”或三言两语代替。"""
    for passage in read_passages(form):
        plain = normal_form(passage.text)
        if plain in ("略", "同上") or (not passage.may_be_nil and (passage.nil or len(plain) < _BRIEF)):
            yield form.finding(passage.name, "TEXT11", found=passage.text)


@reports("TEXT05", "TEXT08", needs=(TEXTS,))
def sections_differ(form: FilledForm) -> Iterator[Finding]:
    """各部分应按各自的要求填写，不应整段照抄另一部分；个别句子重复的提请删改。"""
    written = [(p, normal_form(p.text), split_long_sentences(p.text)[:_MOST]) for p in read_passages(form) if not p.nil]
    for (first, one, known), (second, other, own) in combinations(written, 2):
        if _is_copy(one, other):
            yield form.finding(second.name, "TEXT05", f"与“{first.section.label}”整段相同", found=second.text)
            continue
        repeated = [sentence for sentence, plain in own if any(are_alike(plain, k) for _, k in known)]
        if repeated:
            message = f"有{len(repeated)}句话与“{first.section.label}”相同或相近"
            yield form.finding(second.name, "TEXT08", message, found=repeated[0])


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
