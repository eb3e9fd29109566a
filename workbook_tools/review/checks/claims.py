"""TEXT, claims: does what the texts say agree with the indicator table, and with itself?

Only fixed turns of phrase are looked for; where the words are less than certain the finding is for the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction
from workbook_tools.core.values import PERCENT, number_text
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.declaring import INDICATORS, QUANTITIES, TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import (
    Passage,
    category_name,
    normal_form,
    read_completion_passages,
    read_passages,
    rows_of_section,
    split_clauses,
    split_sentences,
)
from workbook_tools.review.checks.reasons import names_cause
from workbook_tools.review.scoring import indicator_unit

_GOALS = (
    "(?:绩效目标|绩效指标|各项指标|各项目标|目标任务|年度目标|总体目标|全部指标|所有指标|全部任务|各项工作|年度任务)"
)
"""What is said to be reached."""
_ALL = "(?:均已?|都已?|全部|全面|圆满|已经?)"
_ALL_DONE = re.compile(
    f"{_GOALS}[^，。；]{{0,8}}{_ALL}[^，。；]{{0,6}}(?:完成|达成|实现)|{_ALL}完成[^，。；]{{0,6}}{_GOALS}|均已建成"
)
"""年度目标均已完成, 全面完成了目标任务, 均已建成."""
_SOME = re.compile("除|其余|其他|基本|大部分|主要|外，")
"""A sentence with one of these does not claim all: 除验收外，各项目标均已完成."""
_INTENDED = re.compile("确保|力争|争取|下一步|今后|努力|打算|将[在于会进继按对]|计划[在于到2]|要求|应当")
"""What is meant to be done is no claim: 下一步确保绩效目标全部完成."""
_CHEAP = re.compile(
    "(?:成本|费用|支出)[^。；]{0,12}(?:低于|偏低|节约|节省|未超|没有?超|不超|未突破|控制在[^，。；]{0,12}(?:内|范围))"
)
"""成本低于计划, 费用控制在预算范围内."""
_COST = re.compile("成本|费用|支出|造价")
"""The name or category of an indicator that measures cost."""
_LATE = re.compile("延期|推迟|拖延|滞后|逾期|延误|未能?按[时期]")
"""因雨季延期两个月, 未能按期完工."""
_NEGATED = re.compile("(?:没|无|未|不|避免|防止|杜绝|减少|克服|解决)[^，。；]{0,6}$")
"""Before such a word it admits nothing: 没有出现延期, 避免了工期拖延."""
_PUNCTUAL = re.compile(
    "(?:按时|按期|如期|及时|按(?:年度|序时)?计划|(?:预定|计划|规定)的?(?:时间|期限)内?|定期)[^，。；]{0,14}(?:完成|建成|完工)"
    "|(?:完成|建成)(?:得?及时|率?为?100%)"
)
"""按计划于年底完成, 如期建成, 完成及时率100%."""
_WAS_PUNCTUAL = re.compile(f"已经?(?:{_PUNCTUAL.pattern})")
"""In a section that also tells plans, only what is said to be done counts."""
_NO_DEVIATION = re.compile(
    "(?:没有|无|未)(?:出现|发生)?(?:明显|任何|较大)?偏[离差]|偏[离差](?:情况)?(?:没有|为?无)|没有偏离"
)
"""没有发生偏离, 偏差情况为无."""
_UNFINISHED = re.compile("仍在|尚在|尚待|尚未|还没有|还未|未能|待批复|待批准|未批复")
"""两条乡道尚未完工, 竣工决算待批复."""
_ALMOST = re.compile("基本(?:上)?(?:完成|达到|实现)|(?:完成|达到|实现)[^，。；]{0,4}基本")
"""基本完成, 完成情况基本达标."""
_MENTIONED = 0.2
"""Share of an indicator's name (in pairs of characters) from which a text speaks of it; low, since texts shorten names:
养护里程比目标多两公里 speaks of 全县乡道县道养护里程数."""

_LONG_NAME = 8
"""Pairs of a long name, which no text repeats: 新建（购）应用系统与平台数量 is told of as 平台."""
_MEASURED = {
    "时效": re.compile("按[时期]|及时|期限|如期|时间|进度|[竣完]工|年底"),
    "质量": re.compile("质量|合格|达标|验收|标准"),
    "成本": re.compile("成本|费用|支出|造价|节约|预算|经费"),
    "满意": re.compile("满意"),
}
"""Second level of an indicator → the words by which a text tells what it measures."""


def _rows_with_losses(form: FilledForm) -> list[FormRow]:
    """The rows that did not earn their full weight; a row in which nothing was typed is not judged."""
    answered = (r for r in form.counted_rows if form.number(r.name("weight")) and form.is_typed(r.name("actual")))
    return [row for row in answered if form.loses_points(row)]


@reports("TEXT16", needs=(INDICATORS, TEXTS))
def completion_claims_hold(form: FilledForm) -> Iterator[Finding]:
    """表中有失分指标的，文字不应写“绩效目标全部完成”。"""
    lost = _rows_with_losses(form)
    if not lost:
        return
    names = "、".join(_describe_row(form, row) for row in lost[:3])
    message = f"指标表中有{len(lost)}个指标未得满分"
    for passage in read_completion_passages(form):
        claim = _find_claim(passage, _ALL_DONE, _SOME)
        if claim:
            yield form.finding(passage.name, "TEXT16", message, found=claim, expected=names)


def _find_claim(passage: Passage, words: re.Pattern[str], unless: re.Pattern[str] = _INTENDED) -> str:
    """The words, from a sentence that tells what was done, not what is intended."""
    for sentence in split_sentences(passage.text):
        match = words.search(sentence)
        if match and not unless.search(sentence) and not _INTENDED.search(sentence):
            return match[0]
    return ""


def _describe_row(form: FilledForm, row: FormRow) -> str:
    score, weight = form.number(row.name("score")), form.number(row.name("weight"))
    points = f"没有{form.labels.score}" if score is None else f"得{number_text(score)}分"
    return f"{_indicator_name(form, row)}（满分{number_text(weight or 0)}分，{points}）"


def _indicator_name(form: FilledForm, row: FormRow) -> str:
    return form.text(row.name("indicator")) or row.indicator.name


@reports("TEXT16", needs=(INDICATORS, QUANTITIES, TEXTS))
def cost_claims_hold(form: FilledForm) -> Iterator[Finding]:
    """成本指标超出目标值的，文字不应写成本节约或在控制数以内。"""
    exceeded = [row for row in _rows_with_losses(form) if form.direction(row) is Direction.AT_MOST]
    costs = [row for row in exceeded if _COST.search(category_name(form, row) + _indicator_name(form, row))]
    for passage in read_completion_passages(form) if costs else ():
        claim = _find_claim(passage, _CHEAP)
        if claim:
            target, actual = (form.quantity(costs[0], part) for part in ("target", "actual"))
            message = f"成本已超出{form.labels.target}"
            expected = f"{_indicator_name(form, costs[0])}目标{target}，实际{actual}"
            yield form.finding(passage.name, "TEXT16", message, found=claim, expected=expected)


@reports("TEXT17", needs=(TEXTS,))
def delays_agree(form: FilledForm) -> Iterator[Finding]:
    """一处承认延期的，别处不应写按时完成、没有偏离，时效指标也不应得满分。"""
    written = read_completion_passages(form)
    for passage in written:
        late = _find_admission(passage, _LATE)
        if not late:
            continue
        told = ((p, _PUNCTUAL if p in written else _WAS_PUNCTUAL) for p in read_passages(form))
        others = [_quote_passage(p, claim) for p, words in told if (claim := _find_claim(p, words))]
        others += [_quote_passage(p, claim) for p in written if (claim := _find_claim(p, _NO_DEVIATION))]
        others += [f"{_indicator_name(form, row)}得满分" for row in _timely_rows_in_full(form)]
        if others:
            yield form.finding(
                passage.name, "TEXT17", "承认有延期，与别处的说法不一", found=late, expected="；".join(others)
            )


def _find_admission(passage: Passage, words: re.Pattern[str]) -> str:
    """The clause in which the words stand without a negation before them."""
    for clause in split_clauses(passage.text):
        match = words.search(clause)
        if match and not _NEGATED.search(clause[: match.start()]):
            return clause
    return ""


def _quote_passage(passage: Passage, words: str) -> str:
    return f"“{passage.section.label}”写“{words}”"


def _timely_rows_in_full(form: FilledForm) -> list[FormRow]:
    lost = {row.number for row in _rows_with_losses(form)}
    timely = (row for row in form.counted_rows if "时效" in category_name(form, row))
    return [row for row in timely if row.number not in lost and form.number(row.name("score")) is not None]


@reports("TEXT17", needs=(TEXTS,))
def progress_agrees(form: FilledForm) -> Iterator[Finding]:
    """一处写尚未完成、基本完成的，别处不应写全部完成或没有偏离。"""
    written = read_completion_passages(form)
    told = ((p, _find_claim(p, _ALL_DONE) or _find_claim(p, _NO_DEVIATION)) for p in written)
    claims = [(p, words) for p, words in told if words]
    for passage in written:
        unfinished = _find_admission(passage, _UNFINISHED) or _find_admission(passage, _ALMOST)
        others = [_quote_passage(p, words) for p, words in claims if words not in unfinished]
        if unfinished and others:
            message = "说没有全部完成，与别处的说法不一"
            yield form.finding(passage.name, "TEXT17", message, found=unfinished, expected="；".join(others))


@reports("TEXT17", needs=(INDICATORS, TEXTS))
def hedges_agree(form: FilledForm) -> Iterator[Finding]:
    """满意度指标得满分的，文字不宜只写“基本满意”。"""
    lost = {row.number for row in _rows_with_losses(form)}
    rows = [row for row in form.counted_rows if "满意" in row.indicator.dimension]
    for passage in read_passages(form) if rows and not any(row.number in lost for row in rows) else ():
        if "满意" in passage.section.label and "基本满意" in passage.text:
            yield form.finding(passage.name, "TEXT17", "满意度指标得满分，文字只写基本满意", found="基本满意")


@reports("TEXT20", needs=(INDICATORS, TEXTS))
def indicators_discussed(form: FilledForm) -> Iterator[Finding]:
    """各指标应在相应部分逐项说明；失分的指标应在问题（偏离）部分说明原因，指标表中已写明原因的不用再写。"""
    unexplained = [r for r in _rows_with_losses(form) if not names_cause(form.text(r.name("deviation_reason")))]
    for passage in read_passages(form):
        section, rows = passage.section, []
        if section.draft == "indicators" and not passage.points_to_table:
            rows = rows_of_section(form, section)
        elif section.draft in ("problems", "deviation"):
            rows = unexplained
        speaks = _tells_of if section.draft == "indicators" else _names
        silent = [_indicator_name(form, row) for row in rows if not speaks(form, passage, row)]
        if silent:
            yield form.finding(passage.name, "TEXT20", f"没有说到{'、'.join(silent)}")


def _tells_of(form: FilledForm, passage: Passage, row: FormRow) -> bool:
    """The section of an indicator speaks of it: by name, by its very figure (养护了102公里), by what such ones measure."""
    counted = indicator_unit(row, form.figures) not in ("", PERCENT) and form.number(row.name("actual")) is not None
    told = counted and normal_form(form.quantity(row, "actual")) in normal_form(passage.text)
    words = next((words for category, words in _MEASURED.items() if category in category_name(form, row)), None)
    return told or bool(words and words.search(passage.text)) or _names(form, passage, row, least=1)


def _names(form: FilledForm, passage: Passage, row: FormRow, least: int = 99) -> bool:
    """The passage has a share of the indicator's name (in pairs of characters); of a long name ``least`` pairs do."""
    plain, words = normal_form(passage.text), normal_form(_indicator_name(form, row)).removesuffix("指标")
    pairs = {words[i : i + 2] for i in range(len(words) - 1)}
    enough = min(_MENTIONED * len(pairs), least if len(pairs) >= _LONG_NAME else len(pairs))
    return not pairs or sum(pair in plain for pair in pairs) >= enough


CHECKS: tuple[Check, ...] = (
    completion_claims_hold,
    cost_claims_hold,
    delays_agree,
    progress_agrees,
    hedges_agree,
    indicators_discussed,
)
