"""TEXT, scores: do the totals, grades and points that texts state agree with the computed ones? In 分.

A sentence about another year, another office or the scale itself states nothing of this project; nor does a full mark
(满分100分, 总分值100分) or a weight (产出指标50分).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.findings import Finding
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text
from workbook_tools.form.evaluation import dimension_score_name
from workbook_tools.review.checks.declaring import INDICATORS, TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import read_passages, split_sentences

_POINTS = r"(?:为|是|：|:|达到?|共|计|合计|得|了|\s)*(\d+(?:\.\d+)?)\s*分(?!值|钟|之|类|项|别|制|以上|以下|以内|及以|至|到|[~～—-])"
"""为97.5分; 90分以上, 100分制 are bounds and scales."""
_FULL = r"(?:[（(，,、：:]*(?:满分|分值|权重)?(?:为|是|：|:)*\d+(?:\.\d+)?分?[）)，,、；;]*)?"
"""What may stand between a name and its points: （满分50分）, 10分，得6分."""
_TOTAL = re.compile(
    "(?:自评价?|自我评价|评价|综合|总体|最终|绩效|项目|支出)(?:自评)?(?:结果)?(?:总?得分|评分|总评分|总分|分数|分值|分|得)"
    f"(?!值|段|档){_POINTS}|(?:总得分|总评分|总分)(?!值|段|数段){_POINTS}"
)
"""自评得分为97.5分, 自评分值100分, 总分：97.5分; 总分值100分 is the full mark."""
_POINTED = re.compile(f"得分?{_POINTS}")
_PART = f"(?:^|(?<=[^\\u4e00-\\u9fff])|(?<=其中))({{names}})(?:指标)?[”\"’'》]?{_FULL}(?:自评|实际|综合|共|合计)*{_POINTED.pattern}"
"""产出指标得50分, 群众满意度（满分10分）实际得9分; ``names`` are what has points of its own. Without the last part there is nothing to find."""
_SET = re.compile("(?:满|设置?|标准|权重|折合)$")
"""Before the words for a total they make it the full mark: 满分, 设置总分100分."""
_SCALE = re.compile(r"其中|权重|分值|指标\D{0,6}\d+分")
"""In a sentence with one of these 总分100分 is the full mark: 总分100分，其中产出指标50分."""
_GRADE = (
    "(?:等级|等次|档次|结果|结论)(?:评定|评价)?(?:为|是|属于?|：|:)+[“\"‘']?({names})(?=$|[”\"’'。，,；;、）)\\s]|等|级|次|档)"
    "|(?:评定?|确定|认定)(?:等级)?为[“\"‘']?({names})[”\"’']?(?:等|级|次|档)|(?:属于?|评为|定为)[“\"‘']({names})[”\"’']"
)
"""评价等级为“优”, 自评结果：良, 属于"合格"; ``names`` are those of the scheme and the usual longer ones."""
_GRADED = re.compile("自评|评价|绩效|得分|总分|综合评定")
"""A sentence without any of these grades something else: 工程质量等级为优."""
_YEAR = re.compile(r"20\d\d(?=年)")
_LONGER = {"优": "优秀", "良": "良好", "中": "中等", "差": "较差"}
"""A grade that a scheme calls by one character → how people write it too."""
_ELSEWHERE = re.compile(
    "上年|去年|上一年|往年|历年|前年|明年|下年|平均|其[他它](?:单位|项目|部门)|第三方|财政(?:部门|局)?(?:复核|抽查|评价|重点)|重点评价|排名|全[省市县区]"
    "|各(?:单位|部门|项目)|分为[优良好差一二三四五]|划分|分档|以上的?为|档次标准|评分标准|等级标准|如果"
)
"""What makes a sentence speak of others, or of the scale: 去年自评得分95分, 评价结果为良的，优先安排预算."""


@dataclass(frozen=True, slots=True)
class StatedScore:
    """Points that a sentence states, with its words."""

    words: str
    points: float

    @classmethod
    def of(cls, match: re.Match[str]) -> StatedScore:
        """The words that matched, and the one number among them that is the score."""
        return cls(match[0], float(next(filter(None, match.groups()))))


@lru_cache(maxsize=256)  # several checks of the form at hand ask
def _own_sentences(written: str, year: str) -> tuple[str, ...]:
    """The sentences that speak of this project's evaluation of this year."""
    return tuple([sentence for sentence in split_sentences(written) if _is_own(sentence, year)])


def _is_own(sentence: str, year: str) -> bool:
    years = set(_YEAR.findall(sentence))
    return (not years or year in years) and not _ELSEWHERE.search(sentence)


def find_totals(form: FilledForm, written: str) -> list[StatedScore]:
    """The totals that a text states of this project; beside another one the full mark is the full mark."""
    found = [
        StatedScore.of(match)
        for sentence in _own_sentences(written, str(form.submission.project.year))
        for match in _TOTAL.finditer(sentence)
        if not (_SET.search(sentence[: match.start()]) or (match[0].startswith("总分") and _SCALE.search(sentence)))
    ]
    several = len({stated.points for stated in found}) > 1
    return [stated for stated in dict.fromkeys(found) if not several or stated.points != form.scheme.weights.total]


@reports("TEXT12", needs=(TEXTS,))
def totals_agree(form: FilledForm) -> Iterator[Finding]:
    """文字中的总分应与集中评分一致；没有评分表的，不应有总分；待更正的，更正后再比。"""
    total = form.number("total_score")
    for passage in read_passages(form) if total is None or not form.text("pending") else ():
        stated = find_totals(form, passage.text)
        if stated and not any(total is not None and NOISE.same(one.points, total) for one in stated):
            expected = "没有评分表，得不出总分" if total is None else f"{number_text(total)}分"
            words = "、".join(one.words for one in stated)
            item = form.finding(passage.name, "TEXT12", found=words, expected=expected)
            yield item.with_figures(stated[0].points, total) if len(stated) == 1 else item


@reports("TEXT12", needs=(TEXTS,))
def grades_agree(form: FilledForm) -> Iterator[Finding]:
    """文字中的等级应与集中评定一致；没有评分表的，不应有等级；待更正的，更正后再比。"""
    total = form.number("total_score")
    grade = form.text("grade") if total is not None else ""
    for passage in read_passages(form) if total is None or not form.text("pending") else ():
        wrong = next((words for words, name in find_grades(form, passage.text) if name != grade), "")
        if wrong:
            yield form.finding(passage.name, "TEXT12", found=wrong, expected=grade or "没有评分表，评不出等级")


def find_grades(form: FilledForm, written: str) -> Iterator[tuple[str, str]]:
    """The grades that a text states of this project: the words, and the scheme's name."""
    words, names = _compile_grades(tuple(band.name for band in form.scheme.grading.bands))
    for sentence in filter(_GRADED.search, _own_sentences(written, str(form.submission.project.year))):
        for match in words.finditer(sentence):
            yield match[0], names[next(filter(None, match.groups()))]


@lru_cache(maxsize=64)
def _compile_grades(own: tuple[str, ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The turns of phrase by which a text states one of these grades, and how each is written → the scheme's name."""
    names = {name: name for name in own} | {_LONGER[n]: n for n in own if n in _LONGER and _LONGER[n] not in own}
    return re.compile(_GRADE.replace("{names}", _any_of(names))), names


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@reports("TEXT22", needs=(INDICATORS, TEXTS))
def parts_agree(form: FilledForm) -> Iterator[Finding]:
    """文字中各类指标、各个指标、预算执行率的得分应与评分表一致；待更正的，更正后再比。"""
    known = {} if form.text("pending") else dict(_read_parts(form))
    if not known:
        return
    words = None
    for passage in read_passages(form):
        for sentence in filter(_POINTED.search, _own_sentences(passage.text, str(form.submission.project.year))):
            words = words or re.compile(_PART.replace("{names}", _any_of(known)))
            for match in words.finditer(sentence):
                stated, points = float(match[2]), known[match[1]]
                if not NOISE.same(stated, points):
                    item = form.finding(passage.name, "TEXT22", found=match[0], expected=f"{number_text(points)}分")
                    yield item.with_figures(stated, points)


def _read_parts(form: FilledForm) -> Iterator[tuple[str, float]]:
    """The name of a dimension, of an indicator, of the execution rate, each with its computed points."""
    for row in form.counted_rows:
        name, points = form.text(row.name("indicator")) or row.indicator.name, form.number(row.name("score"))
        if name and points is not None:
            yield name, points
    fields = {d.name.removesuffix("指标"): dimension_score_name(d.key) for d in form.scheme.dimensions}
    for name, field in {"预算执行率": "execution_score", **fields}.items():
        points = form.number(field)
        if points is not None:
            yield name, points


CHECKS: tuple[Check, ...] = (totals_agree, grades_agree, parts_agree)
