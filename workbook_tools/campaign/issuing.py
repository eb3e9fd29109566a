"""下发: the workbooks of a project list, written and entered in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.defaults import choose_scheme, settings_of
from workbook_tools.campaign.drawing import choose_drawing, learn_forms, load_for_many
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept_rooms import open_outputs
from workbook_tools.campaign.ledger.keeping import (
    find_issued_codes,
    find_last_issues,
    find_unrecorded,
    load_ledger,
    note_issued,
)
from workbook_tools.campaign.worker_choice import follow_settings, is_here
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SchemeError, SettingsError
from workbook_tools.core.faces import Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.files.former_outputs import list_files_below, name_files
from workbook_tools.files.stored_projects import ListedProject, ListedProjects, list_names, take_projects
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import NO_ISSUE, SigningKey
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.generating import Drawing, Generated, Order, generate

if TYPE_CHECKING:
    from workbook_tools.review.batch_work import Workers
    from workbook_tools.review.lists_elsewhere import ListSample


@dataclass(frozen=True, slots=True)
class IssuedWorkbooks:
    """What became of the projects."""

    items: tuple[Generated, ...]
    """In the order of the list."""
    unrecorded: str = ""
    """Why the ledger does not know of them, as a sentence for the user; empty where it does."""

    @property
    def made(self) -> list[Generated]:
        """Those whose workbook stands there as the list has it now."""
        return [item for item in self.items if not item.kept and not item.finding]

    @property
    def written(self) -> list[Generated]:
        """Those of them that did not stand there before."""
        return [item for item in self.made if not item.unchanged]

    @property
    def twins(self) -> list[Path]:
        """Workbooks of the same projects that lie beside them with the other ending: .xlsm beside .xlsx."""
        other = {".xlsx": ".xlsm", ".xlsm": ".xlsx"}
        beside = (item.path.with_suffix(other[item.path.suffix]) for item in self.made)
        return [path for path in beside if path.exists()]


def find_superseded(
    campaign: Campaign | None, issued: IssuedWorkbooks, listed: ListedProjects, folder: Path
) -> list[Path]:
    """Workbooks in ``folder`` that were issued under a name or department that their project has no more, or of a project that is not on the
    list any more: nobody should send them."""
    current = {str(item.path.with_suffix("")) for item in issued.items}
    others = [
        Path(place) for place in list_files_below(folder, (".xlsx", ".xlsm")) if place.rpartition(".")[0] not in current
    ]
    if campaign is None or not others:
        return []
    written = {item.code for item in issued.items}
    left_alone = {named.code for named in list_names(listed.projects)} - written
    codes = find_issued_codes(campaign, others)
    return sorted(path for path, code in codes.items() if code not in left_alone)


def tell_superseded(folder: Path, paths: Sequence[Path]) -> str:
    """What to do about them, as a sentence; blank where there are none."""
    if not paths:
        return ""
    return f"“{folder.name}”里还有以前下发、现在作废的工作簿（项目改了名称、换了主管部门，或者清单里已经没有）：{name_files(folder, paths)}。请移走，不要再发给单位。"


def tell_deadline(campaign: Campaign | None, issued: IssuedWorkbooks) -> str:
    """What is wrong with the deadline that the workbooks print which were written now; nothing where nothing is."""
    told = "".join(settings_of(campaign).deadlines.doubts)
    return (
        f"{told}它印在填报说明上：请在设置里改好，重新生成、替换已有的，再发出去。" if told and issued.written else ""
    )


def choose_projects(
    listed: ListedProjects, findings: Iterable[Finding], only: Collection[str] = ()
) -> Sequence[Project]:
    """The projects of a list without mistakes; only those of these codes, if any are named.

    Raises SettingsError where nothing of the list can be used, or a code is not on it.
    """
    wrong = {f.project_code for f in findings if f.severity is Severity.ERROR}
    if "" in wrong and not listed.projects:
        raise SettingsError("项目清单有误，没有生成工作簿。请按上面的提示改正后重新运行。")
    codes = [named.code for named in list_names(listed.projects)]
    if unknown := set(only) - set(codes):
        raise SettingsError(f"清单中没有这些项目编码：{'、'.join(sorted(unknown))}。")
    chosen = (n for n, code in enumerate(codes) if code not in wrong and (not only or code in only))
    return take_projects(listed.projects, chosen)


def load_issuing(campaign: Campaign | None) -> None:
    """Load what :func:`issue_workbooks` needs, while the list is read by others."""
    load_for_many()
    if campaign:
        load_ledger(new=not campaign.has_issued())


def learn_list(
    campaign: Campaign | None,
    find_key: Callable[[], SigningKey],
    sample: ListSample,
    *,
    scheme: str = "",
    macros: bool = False,
    workers: int = 0,
    dask: str = "",
    fresh: bool = False,
) -> Iterator[object]:
    """Learn the forms of a long list's first projects, a step at a time, while it is judged by others, where all of it is to be drawn. Nothing is written.

    They are drawn under the key that signs: what all workbooks of an office have alike of it is a part of what is learned.
    """
    if campaign and (fresh or not campaign.has_issued()) and is_here(campaign, workers, dask):
        with suppress(SchemeError, SettingsError):  # told of when it is asked for
            drawing = Drawing(Path(), find_key(), campaign.notice, prefill=False, macros=macros)
            schemes = [choose_scheme(campaign, project.scheme or scheme) for project in sample.first]
            orders = (Order(project, named, NO_ISSUE) for project, named in zip(sample.first, schemes, strict=True))
            yield from learn_forms(drawing, orders, sample.count, workers)


@follow_settings()
def issue_workbooks(
    campaign: Campaign | None,
    projects: Sequence[Project],
    folder: Path,
    key: SigningKey,
    now: datetime,
    *,
    scheme: str = "",
    prefill: bool = False,
    overwrite: bool = False,
    macros: bool = False,
    workers: Workers = 0,
    fresh: bool = False,
    watch: Watch | None = None,
) -> IssuedWorkbooks:
    """Write one workbook per project, as :func:`generate` does, and note in the working folder's ledger what was written.

    ``scheme`` is that of projects which name none. ``workers`` is the number of processes that draw (0: one per core). Workbooks that
    stand there already as they would be drawn are not drawn, unless all is to be done ``fresh``. ``watch`` hears how many of how many are done.
    Raises OutputError, SchemeError, LedgerError: it is the first issue, and there can be no ledger.
    """
    if campaign:
        campaign.begin_ledger()

    @cache
    def find_scheme(name: str) -> Scheme:
        return choose_scheme(campaign, name)

    def scheme_of(project: ListedProject) -> Scheme:
        return find_scheme(project.scheme or scheme)

    notice = campaign.notice if campaign else Notice()
    faults: list[str] = []
    last = find_last_issues(campaign, {named.year for named in list_names(projects)}, faults)
    with open_outputs(campaign, fresh=fresh) as outputs:
        items = generate(
            projects,
            folder,
            key,
            notice,
            scheme_of,
            last,
            prefill=prefill,
            overwrite=overwrite,
            macros=macros,
            watch=watch,
            draw_all=choose_drawing(len(projects), workers),
            outputs=outputs,
        )
    # Where the ledger could not say what was issued last, the next run does, and counts the issues rightly.
    new = () if faults else find_unrecorded(campaign, items)
    made = zip(take_projects(projects, new), [items[place] for place in new], strict=True)
    unrecorded = note_issued(campaign, made, key, scheme_of, now)
    return IssuedWorkbooks(tuple(items), unrecorded or "".join(faults[:1]))
