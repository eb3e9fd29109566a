"""TEXT, figures: do years, amounts and rates in the texts agree with the tables? Amounts in 万元, rates as fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeGuard

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure, Value
from workbook_tools.core.tolerances import NOISE, rounding
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.form.funding import amount_name
from workbook_tools.review.checks.declaring import RATE, TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import (
    Passage,
    is_report,
    narrow,
    read_completion_passages,
    read_passages,
    split_sentences,
)
from workbook_tools.review.checks.scale import correct_totals, find_form_slips, find_text_power
from workbook_tools.review.checks.stated_figures import WIDER, find_amounts, find_rates

_YEAR_END = re.compile(
    r"(?:截至|截止到?|截止至|到|至)\s*(20\d\d)\s*年\s*(?:12\s*月\s*(?:31\s*[日号]|底|末)|年?底|年?末)"
)
"""截至2023年12月31日, 到2023年底."""
_OTHER_TIME = re.compile(
    "自20|从20|起至|期间|计划|预计|拟|将于|结转|上年|去年|同期|相比|[比较](?:上|20)|基数|累计|历年|以来|规划"
)
"""What makes the end of another year right: 自2023年3月起至2025年底, 与2023年底相比, 截至2022年底累计."""
_DONE = re.compile("完成|达到|实现|支出|执行|支付|使用|到位|拨付")
_OWN_WORK = re.compile("绩效|目标|任务|项目|资金|预算")
"""A sentence with a word of each tells that this project's work was done: 截至2023年底，项目资金全部支付."""
_THIS_YEAR = re.compile("本年|今年|当年|自评年度|[本该]自评年")
"""What names the year of the report without its number."""
_MONTHS = re.compile(r"(?<![\d./])\d{1,2}\s*[-－—~～至到]\s*\d{1,2}\s*月")
"""3-5月, 10至12月."""

_NUMERATORS = {Measure.ARRIVAL_RATE: Measure.RECEIVED, Measure.EXECUTION_RATE: Measure.EXECUTED}
"""Of the budget of the year."""


@reports("TEXT03", needs=(TEXTS,))
def years_fit(form: FilledForm) -> Iterator[Finding]:
    """完成情况应截至自评年度；写成其他年度年底的，多为沿用往年文字。"""
    year = str(form.submission.project.year)
    for passage in read_completion_passages(form):
        wrong = next((words for s in split_sentences(passage.text) if (words := _find_other_year(s, year))), "")
        if wrong:
            yield form.finding(passage.name, "TEXT03", found=wrong, expected=f"{year}年")


def _find_other_year(sentence: str, year: str) -> str:
    """The end of another year, where the sentence says that this project's work was done by then."""
    match = _YEAR_END.search(sentence)
    if (
        match is None
        or year in sentence
        or WIDER.search(sentence)
        or _OTHER_TIME.search(sentence.replace(match[0], ""))
    ):
        return ""
    return match[0] if _DONE.search(sentence) and _OWN_WORK.search(sentence) else ""


@reports("TEXT13", needs=(TEXTS,))
def years_stated(form: FilledForm) -> Iterator[Finding]:
    """文字应写明自评年度（写“本年度”、二〇二四年也可；只有一张手工表格的，看表头）；只写月份的，应写明是哪一年的月份。"""
    year, written = form.submission.project.year, read_passages(form)
    named = any(str(year) in passage.text for passage in written)
    if written and is_report(form) and not (named or _is_year_named(form, written, year)):
        yield form.finding(written[0].name, "TEXT13", f"各部分都没有写到自评年度{year}年")
    for passage in written:
        match = None if "年" in passage.text else _MONTHS.search(passage.text)
        if match and not _names_year(passage.text, year):
            yield form.finding(passage.name, "TEXT13", "写了月份，没有写哪一年", found=match[0])


def _is_year_named(form: FilledForm, written: list[Passage], year: int) -> bool:
    """Some passage names the year in words of its own: 采购期以当年为主 is no such, where it is the target that was set."""
    given = [words for row in form.used_rows for words in (row.target, row.indicator.name) if _is_dated(words)]
    for passage in written:
        text = passage.text
        for words in given:
            text = text.replace(words, "")
        if _names_year(text, year):
            return True
    return False


def _is_dated(words: Value) -> TypeGuard[str]:
    return isinstance(words, str) and _THIS_YEAR.search(words) is not None


def _names_year(written: str, year: int) -> bool:
    """2024, ２０２４, 2 0 2 4, 二〇二四, 24年, 本年度."""
    if str(year) in written:
        return True
    plain = re.sub(r"\s", "", narrow(written))
    numeral = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    short = re.search(rf"(?<!\d){year % 100:02d}年", plain)
    return str(year) in plain or numeral in re.sub("[零○Ｏ]", "〇", plain) or bool(short or _THIS_YEAR.search(plain))


@reports("TEXT04", "TEXT06", needs=(TEXTS,))
def amounts_agree(form: FilledForm) -> Iterator[Finding]:
    """文字中的预算、到位、执行金额应与资金表一致（元、亿元折合万元）；多年总投资、合同价应说明与本年资金的关系。"""
    known = _collect_amounts(form)
    table = "、".join(_describe_amount(form, measure) for measure in INPUT_MEASURES)
    largest = max((a for m in INPUT_MEASURES if (a := form.amount(m))), default=0.0)
    for passage in read_passages(form):
        for stated in dict.fromkeys(find_amounts(passage.text, str(form.submission.project.year))):
            unknown = not any(NOISE.same(stated.amount, other, stated.margin) for other in known)
            above = not stated.several_years or stated.amount > largest
            if largest and unknown and above and not find_text_power(form, stated):
                code = "TEXT06" if stated.several_years else "TEXT04"
                yield form.finding(passage.name, code, found=stated.words, expected=table)


def _describe_amount(form: FilledForm, measure: Measure) -> str:
    amount = form.amount(measure)
    return f"{measure.label}{'空白' if amount is None else number_text(amount) + '万元'}"


def _collect_amounts(form: FilledForm) -> set[float]:
    """The amounts of the funding table (with and without slips of scale), differences of totals, figures of indicators."""
    cells = {form.amount(m, s) for m in (*INPUT_MEASURES, Measure.BALANCE) for s in FundingSource}
    totals = [a for m in INPUT_MEASURES if (a := form.amount(m)) is not None]
    rows = {form.number(row.name(part)) for row in form.counted_rows for part in ("target", "actual")}
    right = set(correct_totals(form).values())
    return {a for a in cells | rows | right if a is not None} | {abs(a - b) for a in totals for b in totals if a != b}


@reports("TEXT07", needs=(TEXTS, RATE))
def rates_agree(form: FilledForm) -> Iterator[Finding]:
    """文字中的执行率、到位率应与资金表一致；取位应四舍五入，不应截尾（26÷30 写作 86.67%，不写 86.66%）。"""
    for passage in read_passages(form):
        for words, kind, digits in dict.fromkeys(find_rates(passage.text)):
            rates = _read_rates(form, Measure.ARRIVAL_RATE if kind == "到位率" else Measure.EXECUTION_RATE)
            if rates and not any(NOISE.same(float(digits), 100 * rate, rounding(digits)) for rate in rates):
                item = form.finding(passage.name, "TEXT07", found=words, expected=percent_text(rates[0]))
                yield item.with_figures(float(digits) / 100, rates[0])


def _read_rates(form: FilledForm, measure: Measure) -> list[float]:
    """The rate in total first, then those of the sources; where an amount is out of scale, those of the right amounts."""
    if find_form_slips(form):
        right = correct_totals(form)
        over, base = right.get(_NUMERATORS[measure]), right.get(Measure.ANNUAL_BUDGET)
        return [over / base] if over is not None and base else []
    names = [amount_name(measure, source) for source in FundingSource]
    if measure is Measure.EXECUTION_RATE:
        names.append("scored_rate")
    return [rate for name in names if (rate := form.number(name)) is not None]


CHECKS: tuple[Check, ...] = (
    years_fit,
    years_stated,
    amounts_agree,
    rates_agree,
)
