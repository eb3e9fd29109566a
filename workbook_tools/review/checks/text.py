"""TEXT: are the sections written, in the unit's own words, once, and for the right project?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from rapidfuzz import fuzz

from workbook_tools.core.findings import Finding
from workbook_tools.form.fields import FormBlock, Kind, Role
from workbook_tools.review.checks.locating import at, problems, text
from workbook_tools.review.checks.passages import alike, long_sentences, normal, passages
from workbook_tools.review.scoring import Scored
from workbook_tools.rules import library

_GRAM = 4
_STANDING = 0.7
"""Share of a prompt's runs of four characters in a text; four fifths of a prompt hold about so many."""
_PROMPT = 10
"""Characters from which a prompt is recognised inside a longer text; a shorter one only as the whole text."""
_COPIED = 10
"""Characters from which two equal sections are a copy."""
_LONG, _NEARLY = 30, 90.0
"""From so many characters on, sections that are so alike (percent) are a copy too."""
_BEGINNING = 2000
"""Characters of two sections that are compared."""
_BRIEF = 10
_MOST = 60
"""Sentences of a section that are compared; no honest section has more."""


def sections_written(scored: Scored) -> Iterator[Finding]:
    """报告规定的各部分都应填写，确无内容的写明“无”。"""
    for item, word in problems(scored):
        if item.block is FormBlock.TEXTS and word == library.EMPTY:
            yield at(scored, item.name, "TEXT01")


def _written(scored: Scored) -> Iterator[tuple[str, str]]:
    """All texts of the unit, reasons included: field name and text."""
    for item in scored.submission.layout.role(Role.INPUT):
        if item.kind is Kind.PARAGRAPH:
            content = text(scored, item.name)
            if content:
                yield item.name, content


def no_instructions_left(scored: Scored) -> Iterator[Finding]:
    """报告中不应留有填表说明的原话：整段照抄，或八成以上相同。"""
    prompts = {item.prompt for item in scored.submission.layout.role(Role.INPUT) if item.kind is Kind.PARAGRAPH}
    known = [(prompt, plain, _grams(plain)) for prompt in sorted(prompts) if (plain := normal(prompt))]
    for name, content in _written(scored):
        plain = normal(content)
        grams = _grams(plain)
        for prompt, instruction, parts in known:
            inside = len(instruction) >= _PROMPT and len(parts & grams) >= _STANDING * len(parts)
            if inside or plain == instruction:
                yield at(scored, name, "TEXT02", f"留有填表说明“{prompt}”", found=content)
                break


@lru_cache(maxsize=512)
def _grams(plain: str) -> frozenset[str]:
    return frozenset(plain[i : i + _GRAM] for i in range(len(plain) - _GRAM + 1))


def sections_not_brief(scored: Scored) -> Iterator[Finding]:
    """各部分应写具体内容，不宜以“略”“同上”或三言两语代替。"""
    for passage in passages(scored):
        plain = normal(passage.text)
        if plain in ("略", "同上") or (not passage.may_be_nil and (passage.nil or len(plain) < _BRIEF)):
            yield at(scored, passage.name, "TEXT11", found=passage.text)


def sections_differ(scored: Scored) -> Iterator[Finding]:
    """各部分应按各自的要求填写，不应整段照抄另一部分；个别句子重复的提请删改。"""
    written = [(p, normal(p.text), long_sentences(p.text)[:_MOST]) for p in passages(scored) if not p.nil]
    for (first, one, known), (second, other, own) in combinations(written, 2):
        if _copied(one, other):
            yield at(scored, second.name, "TEXT05", f"与“{first.section.label}”整段相同", found=second.text)
            continue
        repeated = [sentence for sentence, plain in own if any(alike(plain, k) for _, k in known)]
        if repeated:
            message = f"有{len(repeated)}句话与“{first.section.label}”相同或相近"
            yield at(scored, second.name, "TEXT08", message, found=repeated[0])


def _copied(one: str, other: str) -> bool:
    if one == other:
        return len(one) >= _COPIED
    long = min(len(one), len(other)) >= _LONG
    return long and fuzz.ratio(one[:_BEGINNING], other[:_BEGINNING], score_cutoff=_NEARLY) > 0
