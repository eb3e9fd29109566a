"""What texts state of the project's money: amounts in 万元 and rates in percent, with the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.model import Measure
from workbook_tools.core.tolerances import ABOUT, PRINTED, rounding
from workbook_tools.core.values import MONEY_UNITS
from workbook_tools.review.checks.passages import split_sentences

_AMOUNT = r"(?:人民币)?\s*((?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?)\s*(亿元|百万元|万元|千元|元|[亿万](?=$|[，。；,;、）)\s]))"
"""人民币1,498,600元, 1.5亿元; 亿 and 万 alone only at the end of a clause: 投入150万，…"""
_MONEY = re.compile("[元亿万]")
"""Without one of them there is no amount."""
_LINK = r"(?:共计|合计|总计|总额|总数|金额|共|约|为|是|达到?|仅|：|:|了)*"
"""What may stand between the words and the figure: 实际支出共计约150万元."""
_WHOSE = r"(?:^|项目|全年|本年度?|当年|年度|年|资金)"
"""What makes 实际支出 the project's: 全年实际支出, not 其中人工费实际支出."""
_OWN = re.compile(
    "(?:年初预算|全年预算|年度预算|当年预算|年预算|项目预算|到位资金|资金到位|实际到位|实到"
    f"|{_WHOSE}(?:预算数|预算资金|执行数|实际支出|支出总额|总支出|共支出|累计支出|实际支付)"
    "|(?:所需|需要?)[^，。；,;\\d]{0,12}(?:经费|资金))(?:数|资金)?" + _LINK + _AMOUNT
)
"""Words that name a line of the funding table, or what this project needs; a part of the spending is neither."""
_BETWEEN = re.compile(
    r"(?:[（(][^）)]*[）)])?(?:[，,、]\s*(?:资金)?(?:实际)?(?:到位|拨付|下达|执行率|预算执行率)[^，,。；;]{0,14})*[，,、]\s*"
)
"""Between a line of the funding table and what was spent of it: （含上年结转），资金到位率100%，"""
_SPENT = re.compile(f"(?:实际支出|实际支付|实际执行|实际使用|累计支出|共支出)(?:数|资金)?{_LINK}{_AMOUNT}")
"""After a line of the funding table, what was spent of it is the project's too: 全年预算150万元，到位率100%，实际支出149万元."""
_LARGER = re.compile(
    r"(?:总投资|总概算|概算|估算|总价|合同[价额]|合同金额|三年|两年|周期|总预算|申请)[^。；;\d]{0,14}" + _AMOUNT
)
"""Money of several years, or of a contract: 总投资600万元, 合同金额148.6万元."""
WIDER = re.compile("全[国省市县区乡镇]")
"""What a sentence tells of more than the project."""
_ELSEWHERE = re.compile("其中|用于|包括|分别|上年|去年|结转|追加|调整|人均|每|标准|下年|明年")
"""After these words the money is a part of it, or another year's: 其中人工费66万元, 结转下年3万元."""
_SPAN = re.compile("三年|两年|周期|总投资|总价|合同|概算|估算|总预算|申请|预计|计划投资")
"""Words of a sentence about money of several years."""

_RATE = re.compile(
    r"(执行率|支付率|支出率|到位率)([^，。；;,、\d]{0,8}?)(\d+(?:\.\d+)?)\s*[%％](?!以上|以下|左右|以内)"
)
"""预算执行率为100%; a bound (执行率90%以上) is none."""
_COMPARED = re.compile("低于|高于|超过|不足|以上|目标|要求|不低|大于|小于|[≥≤><]|提高|增长|上升|下降")
"""Between the word and the figure they make a bound or a change of it: 执行率不低于90%, 执行率提高7.5%."""
_PAST = re.compile("上年|去年|往年|同期|历年")
"""上年执行率为92.5%."""
_MEASURES = (
    (re.compile("到位|实到"), Measure.RECEIVED),
    (re.compile("支出|执行|支付"), Measure.EXECUTED),
    (re.compile("年初预算"), Measure.INITIAL_BUDGET),
    (re.compile("预算"), Measure.ANNUAL_BUDGET),
)
"""The words of an amount → the line of the funding table."""


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """An amount that a text states, in 万元, and by how much it may be rounded."""

    words: str
    amount: float
    margin: float
    several_years: bool = False
    """Of a contract or several years: larger than this year's money."""

    @property
    def measure(self) -> Measure | None:
        """Which line of the funding table it states, where the words say so."""
        return next((measure for words, measure in _MEASURES if words.search(self.words)), None)


@lru_cache(maxsize=256)  # several checks of the form at hand ask
def find_amounts(written: str, year: str) -> tuple[StatedAmount, ...]:
    """Amounts in a text that speak of this project: what a line of the funding table holds, or money of several years."""
    return tuple(_find_amounts(written, year))


def _find_amounts(written: str, year: str) -> Iterator[StatedAmount]:
    for sentence in split_sentences(written) if _MONEY.search(written) else ():
        own = "" if WIDER.search(sentence) else _ELSEWHERE.split(sentence, maxsplit=1)[0]
        several = _SPAN.search(own) or set(re.findall(r"20\d\d(?=年)", own)) - {year}
        found = {match.end(): match for words in (_OWN, _LARGER) for match in words.finditer(own)}
        for match in found.values() if several else _find_own(own):
            if sentence.startswith("用于", match.end()):
                continue
            digits, factor = re.sub("[,，]", "", match[1]), MONEY_UNITS[match[2]]
            amount = float(digits) * factor
            margin = max(rounding(digits) * factor, PRINTED.value)
            about = ABOUT.value * amount if "约" in match[0] else 0.0
            yield StatedAmount(match[0], amount, margin + about, bool(several))


def _find_own(sentence: str) -> Iterator[re.Match[str]]:
    """What a line of the funding table holds, and what was spent of it, told after a comma."""
    named = list(_OWN.finditer(sentence))
    yield from named
    starts = {match.start(1) for match in named}
    for match in named:
        between = _BETWEEN.match(sentence, match.end())
        spent = between and _SPENT.match(sentence, between.end())
        if spent and spent.start(1) not in starts:
            starts.add(spent.start(1))
            yield spent


@lru_cache(maxsize=256)
def find_rates(written: str) -> tuple[tuple[str, str, str], ...]:
    """Rates of this year that a text states: words, kind, digits; thresholds and changes are none."""
    return tuple(_find_rates(written))


def _find_rates(written: str) -> Iterator[tuple[str, str, str]]:
    for sentence in split_sentences(written) if "率" in written else ():
        for match in () if _PAST.search(sentence) else _RATE.finditer(sentence):
            if not _COMPARED.search(match[2]):
                yield match[0], match[1], match[3]
