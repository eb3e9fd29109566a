"""单位说明 put beside the 提醒 that they answer: those of the file that counts, and those of earlier rounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.questions import QuestionKey, UnitAnswer, find_key, is_question
from workbook_tools.core.trust import Trust
from workbook_tools.review.reviewed_file import ReviewedFile

EarlierAnswers = Mapping[tuple[int, str], Sequence[UnitAnswer]]
"""Year and code of a project → what its unit answered in earlier rounds, the last answer last."""


def apply_answers(
    findings: Iterable[Finding], kept: Iterable[ReviewedFile], earlier: EarlierAnswers
) -> Iterator[Finding]:
    """The findings, each 提醒 of a file that counts with the answer to it.

    An answer to the same question about other facts is shown but does not count; ANSWER02 says so if it stands in this
    file. Answers in the file take precedence over those of earlier rounds. Answers in a file that is less trusted than
    this one are ignored.
    """
    known = {
        (item.file, p.code): _ProjectAnswers(item.answers, _take_trusted(earlier.get((p.year, p.code), ()), p.trust))
        for item in kept
        if (p := item.project)
    }
    for row in findings:
        answers = known.get((row.file, row.project_code))
        if answers is None or not is_question(row):
            yield row
            continue
        key = find_key(row)
        answer = answers.find(key)
        if answer:
            yield replace(row, answer=answer.answer)
            continue
        before = answers.find_outdated(key)
        yield replace(row, earlier_answer=before.answer if before else "")
        if before and before.sheet:
            yield _report_outdated(row, before)


def _take_trusted(answers: Iterable[UnitAnswer], least: Trust) -> list[UnitAnswer]:
    return [answer for answer in answers if answer.trust.rank >= least.rank]


class _ProjectAnswers:
    """The answers about one project: the latest to each question, and to each question with its facts."""

    def __init__(self, here: Iterable[UnitAnswer], before: Iterable[UnitAnswer]) -> None:
        told = [*(replace(answer, sheet="", cell="") for answer in before), *here]
        self._exact = {answer.key: answer for answer in told}
        self._any = {answer.place: answer for answer in told}

    def find(self, key: QuestionKey) -> UnitAnswer | None:
        """The answer to exactly this question."""
        return self._exact.get(key)

    def find_outdated(self, key: QuestionKey) -> UnitAnswer | None:
        """The last answer to the question, about other facts."""
        return self._any.get(key.place)


def _report_outdated(row: Finding, before: UnitAnswer) -> Finding:
    return finding(
        "ANSWER02",
        project_code=row.project_code,
        file=row.file,
        sheet=before.sheet,
        cell=before.cell,
        field=row.message,
        found=before.answer,
        expected=f"原来问的是：{before.question}",
    )
