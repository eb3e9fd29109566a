"""The texts of a report, taken apart: passages, sentences, clauses, and what two of them share."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.form.fields import Role
from workbook_tools.form.narrative import ANALYSIS, text_name
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.filled_form import FilledForm
from workbook_tools.rules.scheme import TextSection

if TYPE_CHECKING:
    from rapidfuzz import fuzz
    from rapidfuzz.distance import LCSseq
else:
    fuzz, LCSseq = LateModule("rapidfuzz.fuzz"), LateModule("rapidfuzz.distance.LCSseq")

SENTENCE = 15
"""Characters from which a repeated sentence counts; shorter ones repeat by chance."""
LONGEST = 500
"""Characters up to which it counts; more without a full stop is no sentence."""
_SAME = 85.0
"""Similarity (percent) from which two sentences are nearly the same: of twenty characters three were changed."""
_LEAST = 0.42
"""Two texts have less than this share of their characters in common, in their order: then they are less similar than that, which is twice the share."""
_INSIDE = 0.95
"""Share of the shorter sentence, in its order, that the longer one must hold to contain it: a character or two may differ."""
_ENDS = re.compile(r"[。！？!?；;\n]+")
_CLAUSE_ENDS = re.compile(r"[，,。！？!?；;：:\n]+")
_SIGNS = re.compile(r"[\W_]+")
_NIL = re.compile(r"(无|没有|不涉及|略|同上|见附件|暂无|无内容|不适用)?")
"""A text that is nothing but 无, 同上 or 见附件; or blank."""
_NONE = re.compile("(?:本?项目|本?部分|本年度)?(?:暂?无|没有|不涉及|不适用|不存在)")
"""没有经济效益, 不涉及该项指标."""
_POINTER = re.compile(
    "[见如](?:[下附上后]|所附)[^，。；]{0,6}[表图]|见[^，。；]{0,6}(?:自评表|指标表|附[表件]|[表图][一二三四五1-9])|[表图][一二三四五1-9]?所示"
)
"""完成情况见下表, 如下图所示, 详见附件1; 如期完成图书馆改造 points nowhere."""
_TEXTS = 512
"""Texts of which it is kept how they were taken apart."""
_REPORT = 5
"""Sections of analysis from which a form of today is a whole report."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that the unit wrote: its section of the report, and the name of its field."""

    section: TextSection
    text: str

    @property
    def name(self) -> str:
        """The field's name."""
        return text_name(self.section.key)

    @property
    def analysis(self) -> bool:
        """It tells what was done in the year, not what the project is."""
        return self.section.sheet == ANALYSIS

    @property
    def nil(self) -> bool:
        """It says nothing but 无, 略, 同上 or a stroke."""
        return _NIL.fullmatch(normal_form(self.text)) is not None

    @property
    def says_none(self) -> bool:
        """It answers that there is nothing to tell: 无, 不涉及, 没有经济效益."""
        return _NONE.match(normal_form(self.text)) is not None

    @property
    def points_to_table(self) -> bool:
        """It says that something stands in a table or picture: 完成情况见下表, 如下图, 详见附件1."""
        return _POINTER.search(self.text) is not None


def may_be_nil(section: TextSection) -> bool:
    """The section need not be written, or its prompt allows to write that there is nothing (写“无”)."""
    return not section.required or "写“" in section.prompt


@lru_cache(maxsize=1)  # several checks of the form at hand ask
def read_passages(form: FilledForm) -> list[Passage]:
    """The sections in which the unit wrote something, in the scheme's order; a prompt that was left there is nothing."""
    written = (
        Passage(s, form.text(text_name(s.key))) for s in form.scheme.texts if form.partial or _is_written(form, s)
    )
    return [p for p in written if p.text and normal_form(p.text) != normal_form(p.section.prompt)]


def _is_written(form: FilledForm, section: TextSection) -> bool:
    """The unit's own words, not a goal that was approved."""
    return form.layout.fields[text_name(section.key)].role is Role.INPUT


def is_report(form: FilledForm) -> bool:
    """A whole report, ours or of today: not a table of today with a remark or two."""
    return not form.partial or sum(passage.analysis for passage in read_passages(form)) >= _REPORT


@lru_cache(maxsize=1)  # several checks of the form at hand ask
def read_completion_passages(form: FilledForm) -> list[Passage]:
    """The passages that tell what was done: the analysis, and the actual side of the goals."""
    goals = form.scheme.form.goals
    return [p for p in read_passages(form) if p.analysis or (goals is not None and p.section.key == goals.actual)]


def rows_of_section(form: FilledForm, section: TextSection) -> list[FormRow]:
    """The indicators that a section is to discuss: those of its dimensions or categories (经济效益 is 经济效益指标 too)."""
    wanted = {name.removesuffix("指标") for name in section.draft_of}
    return [
        row
        for row in form.counted_rows
        if wanted & {row.indicator.dimension.removesuffix("指标"), category_name(form, row).removesuffix("指标")}
    ]


def category_name(form: FilledForm, row: FormRow) -> str:
    """The second level of a row, as typed or as approved."""
    return form.text(row.name("category")) or row.indicator.category


@lru_cache(maxsize=2048)
def normal_form(text: str) -> str:
    """Letters, digits and characters only, full-width narrowed: what is compared.

    >>> normal_form("满意度为 ９５％。")
    '满意度为95'
    """
    return _SIGNS.sub("", narrow(text).lower())


@lru_cache(maxsize=_TEXTS)
def narrow(text: str) -> str:
    """The text with letters and digits of one width (NFKC)."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=_TEXTS)  # many checks of the form at hand ask
def split_sentences(text: str) -> tuple[str, ...]:
    """A text cut at 。；！？ and line ends."""
    return tuple([part for piece in _ENDS.split(text) if (part := piece.strip())])


@lru_cache(maxsize=_TEXTS)
def split_clauses(text: str) -> tuple[str, ...]:
    """A text cut at every stop and comma."""
    return tuple([part for piece in _CLAUSE_ENDS.split(text) if (part := piece.strip())])


@lru_cache(maxsize=_TEXTS)
def split_long_sentences(text: str) -> tuple[tuple[str, str], ...]:
    """The sentences that are long enough to be compared, as written and in normal form."""
    pairs = ((sentence, normal_form(sentence)) for sentence in split_sentences(text))
    return tuple([(sentence, plain) for sentence, plain in pairs if SENTENCE <= len(plain) <= LONGEST])


def are_alike(one: str, other: str) -> bool:
    """Two normal forms are nearly the same, or the shorter one stands in the longer one."""
    if one == other:
        return True
    least, likely = math.ceil(_INSIDE * min(len(one), len(other))), _LEAST * (len(one) + len(other))
    common = LCSseq.similarity(one, other, score_cutoff=min(least, int(likely)))
    return common >= least or (common >= likely and fuzz.ratio(one, other, score_cutoff=_SAME) > 0)
