"""What a review enters in the ledger the ledger tells the next one: of a file that is still there as it was, that is no news. It changes nothing in
what comes of its project, and is left out where it is said what that depends on: else every department would be settled twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.questions import UnitAnswer, digest_answers
from workbook_tools.form.identity import Issue
from workbook_tools.review.answering import EarlierAnswers
from workbook_tools.review.packing import RecordedFacts
from workbook_tools.review.precedence import EarlierContents
from workbook_tools.review.trust import ProjectYear, is_last_issue


@dataclass(frozen=True, slots=True)
class ShelvedVersion:
    """A file of a project, with what the ledger records of it."""

    project: ProjectYear
    file: str
    sha256: str
    recorded: RecordedFacts


def list_repeating(versions: Sequence[ShelvedVersion], earlier: EarlierContents) -> list[int]:
    """The places of those that say again what another version has said before: nothing else of the earlier contents is asked
    (:attr:`workbook_tools.review.precedence.Candidate.says_again`)."""
    firsts: dict[ProjectYear, Mapping[str, str]] = {}
    for version in versions:
        if version.project not in firsts:
            firsts[version.project] = earlier.get(version.project, {})
    return [
        place
        for place, one in enumerate(versions)
        if firsts[one.project].get(one.recorded.content, "") not in ("", one.sha256)
    ]


def list_later_rounds(
    versions: Iterable[ShelvedVersion],
    rounds: Mapping[ProjectYear, Mapping[str, int]],
    issues: Mapping[ProjectYear, Sequence[Issue]],
    listed: Mapping[str, int],
) -> list[tuple[ProjectYear, Mapping[str, int]]]:
    """Of each project the last returns, by issues, of which a copy has come back, where no copy of that return, or of a later one, is certainly
    there and 本期下发. ``listed`` as :func:`workbook_tools.review.trust.judge_files` has it."""
    asked = {project: dict(by_issue) for project, by_issue in rounds.items()}
    for one in versions if asked else ():
        is_current = one.project[0] >= listed.get(one.project[1], 0) and is_last_issue(
            one.recorded.issue, issues.get(one.project, ())
        )
        if is_current and one.project in asked:
            by_issue = asked[one.project].items()
            asked[one.project] = {issue: last for issue, last in by_issue if last > one.recorded.round}
    return [(project, by_issue) for project, by_issue in asked.items() if by_issue]


def list_other_answers(
    versions: Iterable[ShelvedVersion], counts: Callable[[str], bool], answered: EarlierAnswers
) -> list[tuple[ProjectYear, Collection[UnitAnswer]]]:
    """What units have answered in other files than those that count, of which the names are known by ``counts``: what such a file says
    goes before what it has said before (:func:`workbook_tools.review.answering.apply_answers`)."""
    if not answered:
        return []
    own = {(one.project, one.sha256, one.recorded.answers) for one in versions if counts(one.file)}
    found: list[tuple[ProjectYear, Collection[UnitAnswer]]] = []
    for project, answers in answered.items():
        by_version: dict[str, list[UnitAnswer]] = {}
        for answer in answers:
            by_version.setdefault(answer.version, []).append(answer)
        echoes = {name for name, said in by_version.items() if (project, name, digest_answers(said)) in own}
        found.append((project, [answer for answer in answers if answer.version not in echoes]))
    return [(project, answers) for project, answers in found if answers]
