"""The total score and the grade that sentences of a report state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_tools.legacy.prose.text import any_of
from workbook_tools.legacy.words.vocabulary import Vocabulary

# “优”, 「良好」: a grade or score may stand in quotes.
_QUOTES = "\"“”'‘’「」《》"
# A grade ends its clause, or goes on with 级, 等, 档.
_GRADE_END = r"(?=$|[,。;、)级等档])"
_CLAUSE_END = r"(?=$|[,。;、)])"
_CLAUSES = re.compile("[,;。]")
# Characters before the word in its clause among which a part is named: 产出指标得分48分, 效益指标自评得分28分.
_NEAR = 10
# Characters of a word that tells the total by itself: 自评得分, 总得分; 得 and 得分 need more in the sentence.
_SURE_LENGTH = 3
_UNSURE = "总分"
"""It may also say of how much: 总分100分."""


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A total score in a sentence."""

    value: float
    printed: str
    order: int
    """The smaller, the surer."""


class ScoreFinder:
    """Finds scores and grades by the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.tables["prose_scores"]
        self._parts, self._full_marks = lists["parts"], lists["full_marks"]
        self._of_the_whole, self._other_years = lists["of_the_whole"], lists["other_years"]
        # 自评得分为96分, 自评总分“96.5”分, 得分：95.00; not 96% and not the 9 of 96.5
        self._score = re.compile(
            rf"({any_of(lists['total'])})(?:{any_of(lists['linking'])}|[{_QUOTES}])*(\d+(?:\.\d+)?)"
            rf"[{_QUOTES}]*分?(?![\d.%])"
        )
        grades = rf"[{_QUOTES}]*({any_of(vocabulary.words('marks', 'grades'))})[{_QUOTES}]*"
        # 等级为“优”, 评定为优秀等次; 优秀等次
        self._grade_behind_cue = re.compile(
            rf"(?:{any_of(lists['grade_cues'])})(?:{any_of(lists['grade_links'])})*{grades}{_GRADE_END}"
        )
        self._grade_before_noun = re.compile(rf"{grades}(?:{any_of(lists['grade_nouns'])}){_CLAUSE_END}")

    def is_about_another_year(self, sentence: str) -> bool:
        """上年自评得分85分 is no score of this report."""
        return any(word in sentence for word in self._other_years)

    def find_scores(self, sentence: str) -> Iterator[SentenceScore]:
        """Total scores in a sentence; those of parts (产出指标得分) and full marks (满分100分) are none."""
        for match in self._score.finditer(sentence):
            word, behind = match[1], match[0][len(match[1]) :]
            before = _CLAUSES.split(sentence[: match.start()])[-1]
            if "分" not in behind and ":" not in match[0]:
                continue
            if any(part in before[-_NEAR:] for part in self._parts):
                continue
            if any(full in before + match[0] for full in self._full_marks):
                continue
            if len(word) == 1 and not any(of_whole in sentence for of_whole in self._of_the_whole):
                continue
            order = 0 if len(word) >= _SURE_LENGTH else 1 if word != _UNSURE else 2
            yield SentenceScore(float(match[2]), match[0], order)

    def find_grade(self, sentence: str) -> str:
        """The grade behind 等级, 属于, 评定为 …, or before 等级, 等次; or blank. Praise (效果良好) is none."""
        found = self._grade_behind_cue.search(sentence) or self._grade_before_noun.search(sentence)
        return found[1] if found else ""
