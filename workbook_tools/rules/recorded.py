"""The schemes that a result carries: what was issued, whatever has become of the scheme's file since.

A review puts every scheme that it scored under into its result, once per digest. Whatever comes after it (judging,
summaries, reports, colours) computes, grades and labels from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from workbook_tools.core.errors import SchemeError
from workbook_tools.core.findings import Finding, apply_choices, finding
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.rules.scheme import restore_scheme
from workbook_tools.rules.scheme_tools import differences
from workbook_tools.rules.settings import Scheme

EDITED = "SCHEME01"
_LISTED = 20
"""Differences that a finding lists; who has changed more has made another scheme."""


def restore_schemes(result: ReviewResult) -> dict[str, Scheme]:
    """The schemes of a result by digest. Raises ValidationError (pydantic) if one is damaged."""
    return {digest: restore_scheme(content) for digest, content in result.schemes.items()}


def find_used_schemes(result: ReviewResult, projects: Iterable[ProjectRow]) -> list[Scheme]:
    """Those of these projects, each once, those under the campaign's own id first."""
    known = restore_schemes(result)
    used = [known[digest] for digest in dict.fromkeys(project.scheme_digest for project in projects)]
    return sorted(used, key=lambda scheme: scheme.id != result.scheme)


def find_edited_schemes(
    result: ReviewResult, load: Callable[[str], Scheme], count: Callable[[str], int] | None = None
) -> Iterator[Finding]:
    """A finding for each scheme of the result that ``load`` (by id) now gives with other rules.

    One that cannot be loaded any more changes nothing: the result has it whole. ``count`` says how many projects were scored under a
    digest, where the result does not hold them.
    """
    for digest, scheme in restore_schemes(result).items():
        try:
            found = differences(scheme, load(scheme.id))
        except SchemeError:
            continue
        if found:
            held = sum(project.scheme_digest == digest for project in result.projects)
            listed = "；".join(map(str, found[:_LISTED])) + (f"；等 {len(found)} 处" if len(found) > _LISTED else "")
            yield finding(
                EDITED,
                f"评分方案“{scheme.name}”下发后有改动，{count(digest) if count else held} 个项目仍按原来的方案计分、定级、出报告；"
                f"改动（原来 → 现在）：{listed}",
                field=f"评分方案 {scheme.id}",
            )


def note_edited_schemes(result: ReviewResult, load: Callable[[str], Scheme], checks: Mapping[str, str]) -> ReviewResult:
    """The result with what :func:`find_edited_schemes` finds now, in place of what was found before; ``checks`` as in wbt.toml."""
    others = (item for item in result.findings if item.code != EDITED)
    edited = apply_choices(find_edited_schemes(result, load), checks, result.year)
    return result.model_copy(update={"findings": (*edited, *others)})
