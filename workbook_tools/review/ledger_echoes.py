"""What a review enters in the ledger, the ledger reports to the next review. About a file that is still there unchanged, that is no news and
changes nothing in its project's result. So it is left out of the digests that kept results depend on; otherwise the second review would
settle every department again.
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
    """The places of versions that repeat what another version said before: the only use that is made of earlier contents
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
    """For each project, by issue, the last return of which a copy came back, unless a copy of that return or a later one is certainly
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
    """What units answered in files other than those that count (``counts`` says of a file name whether it does): answers in a file that
    counts take precedence over its earlier ones (:func:`workbook_tools.review.answering.apply_answers`)."""
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
