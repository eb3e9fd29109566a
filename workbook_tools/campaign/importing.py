"""Forms of today → a project list: which files, how they are read, and the list that comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.campaign.answering import GatheredDoubts
from workbook_tools.campaign.defaults import settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.form_files import FormFile, ReadForm, read_form_files
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.faces import Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.core.trust import Trust
from workbook_tools.files.paths import replace_file, replace_result, safe_filename
from workbook_tools.files.sources import DOCUMENTS, OLD_DOCUMENTS, WORKBOOKS, SourceFile, find_sources
from workbook_tools.legacy.importing import Importing
from workbook_tools.projects import project_list_workbook
from workbook_tools.review.precedence import Candidate, choose_files
from workbook_tools.rules.scheme import Scheme

LIST_NAME = "项目清单.json"
"""The list that an import writes where no other is named."""
OLD_FORMS = "旧表"
"""The folder of a working folder for forms of today that are to be imported."""


def find_forms(places: Iterable[Path]) -> tuple[list[SourceFile], list[Finding]]:
    """The files to read among ``places`` (files, and folders with all that is below), and findings about the others.

    Raises SettingsError for a place that is not there, or a file that is neither workbook nor document.
    """
    sources: list[SourceFile] = []
    findings: list[Finding] = []
    for place in places:
        if place.is_dir():
            found, passed_over = find_sources(place)
            sources += found
            findings += passed_over
        elif not place.is_file():
            raise SettingsError(f"找不到 {place}。")
        elif place.suffix.lower() in WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS:
            sources.append(SourceFile(place, place.name))
        else:
            endings = "、".join(sorted(WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS))
            raise SettingsError(f"{place} 不是表格或 Word 文档。可以读取的有：{endings}。")
    return sources, findings


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ImportedForms:
    """What was read of some files: of each only its projects and findings are kept."""

    projects: list[Project] = field(default_factory=list)
    """One of each form; of several forms of one project that of the newest file."""
    findings: list[Finding] = field(default_factory=list)
    pages: int = 0
    """Web pages that were written."""
    doubts: GatheredDoubts = field(default_factory=GatheredDoubts)
    """What the office may answer."""


@dataclass(frozen=True, slots=True)
class _FormProject:
    """The project of a form, and which file it came from."""

    project: Project
    file: FormFile


def import_forms(
    sources: Sequence[SourceFile],
    importing: Importing,
    *,
    html: Path | None = None,
    show: Callable[[ReadForm], object] | None = None,
    watch: Watch | None = None,
) -> ImportedForms:
    """Read the files. What is wrong with one of them is a finding, and costs the others nothing.

    ``html`` is a folder: a web page per file with what was read laid over the original. ``show`` sees each form as it
    was read. ``watch`` hears how many of how many files are done. Raises OutputError, and SettingsError where no process
    can be started to read them.
    """
    done = ImportedForms()
    found: list[_FormProject] = []
    for number, item in enumerate(read_form_files(sources, importing, pages=html is not None), 1):
        done.findings += item.findings
        if html is not None and item.page:
            replace_file(html / f"{safe_filename(item.source.name, 120)}.html", item.page)
            done.pages += 1
        for read in item.forms:
            done.findings += read.findings
            done.doubts.add(read.form)
            found.append(_FormProject(read.project, item))
            if show:
                show(read)
        if watch:
            watch(number, len(sources))
    chosen = choose_files(map(_describe, found))
    done.projects = [item.project for number, item in enumerate(found) if number in chosen.kept]
    done.findings += chosen.findings
    return done


def _describe(found: _FormProject) -> Candidate:
    project, file = found.project, found.file
    return Candidate(
        project=(project.year, project.code),
        code=project.code,
        name=project.name,
        file=file.source.name,
        trust=Trust.HAND_MADE,
        round=0,
        content=project.model_dump_json(),
        sha256=file.sha256,
        saved_at=file.saved_at,
        clock=file.source.clock,
    )


# -- the list ---------------------------------------------------------------------------------------------------------


def list_files(target: Path) -> list[Path]:
    """The files that a list is written to: .json, and .xlsx beside it where that is asked for.

    Answers have no place in a workbook. Raises SettingsError for another ending.
    """
    ending = target.suffix.lower()
    if ending not in (".json", ".xlsx"):
        raise SettingsError(f"项目清单应写成 .json 或 .xlsx，不能写成 {target.name}。")
    return [target.with_suffix(".json"), *([target] if ending == ".xlsx" else [])]


def draw_list(
    projects: Sequence[Project], target: Path, importing: Importing, campaign: Campaign | None
) -> dict[Path, bytes]:
    """The files of the list, of the year and the scheme that most projects have."""
    usual = Counter(project.scheme for project in projects).most_common(1)[0][0]
    listed = ProjectList(
        year=Counter(project.year for project in projects).most_common(1)[0][0],
        authority=settings_of(campaign).authority,
        scheme=usual,
        projects=tuple(projects),
    )
    return draw_listed(listed, target, next(scheme for scheme in importing.schemes if scheme.id == usual))


def draw_listed(listed: ProjectList, target: Path, scheme: Scheme) -> dict[Path, bytes]:
    """The files of a list, its drop-downs as ``scheme`` has them."""
    data, *workbooks = list_files(target)
    text = (listed.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode()
    return {data: text, **{path: project_list_workbook(listed, scheme) for path in workbooks}}


def write_list(files: Mapping[Path, bytes]) -> None:
    """Write the files of a list, all or none. Raises OutputError."""
    data, *workbooks = files
    if workbooks:
        replace_result(workbooks[0], files[workbooks[0]], beside={data: files[data]})
    else:
        replace_file(data, files[data])


def for_next_year(project: Project) -> Project:
    """The project as it is listed for the year after: indicators stay, what was budgeted, aimed at and answered does not."""
    changes: dict[str, object] = {
        "year": project.year + 1,
        "answers": None,
        "annual_goal": "",
        "initial_budget": {},
        "annual_budget": {},
    }
    return project.model_copy(update=changes)
