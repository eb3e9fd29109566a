"""退回: for each submitted workbook with errors a marked copy, and for each department a covering notice.

Without a seal that holds there is no copy, only a line in the notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path, PurePosixPath

from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError, TemplateError, WithheldFile
from workbook_tools.core.faces import AnyPath, Watch, collect
from workbook_tools.core.findings import REFUSED, Finding
from workbook_tools.core.questions import is_question
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.files.paths import department_folder, safe_filename
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.reports.found_forms import RETURN_FORM, find_form
from workbook_tools.reports.tags import fill_tags
from workbook_tools.returns.archiving import archive_others, replace_returned
from workbook_tools.returns.copies import build_copy
from workbook_tools.returns.notice import NOTICE_TAGS, NoticeFacts
from workbook_tools.returns.returned import OTHER_FILES, Returned
from workbook_tools.review.guarded_reading import find_unreadable
from workbook_tools.review.states import EXCHANGED
from workbook_tools.word.rendering import open_form
from workbook_tools.workbooks.reading import Keys, Reading, read_submission
from workbook_tools.workbooks.writing import draw_workbook

NO_ROUNDS: Mapping[tuple[int, str], int] = {}
_NO_KEY, _REVOKED = "TAMPER08", "TAMPER12"
_WITHHELD = "FILE12"
_CHANGED = "报送的文件在审核之后换过，没有副本；请重新审核。"
_HAND_MADE = "自制的表格没有副本，请按左边所列的位置在原表上改正后重新报送；提醒请随材料书面答复。"


def write_returns(
    result: ReviewResult,
    inbox: AnyPath,
    folder: AnyPath,
    keys: Keys,
    *,
    by: str = "",
    contact: str = "",
    forms: AnyPath | None = None,
    rounds: Mapping[tuple[int, str], int] = NO_ROUNDS,
    ask: bool = True,
    only: Collection[str] = (),
    watch: Watch | None = None,
) -> list[Returned]:
    """Write <主管部门>/<file>.xlsx for each workbook to return and <主管部门>/退回通知.docx; what came of each such file.

    Returned is what has errors, or an answer that finance has refused; with ``ask`` also what has no error, but 提醒 that
    the unit has still to explain. Nothing of a project that finance has accepted goes back.

    A workbook that came with our macros goes back with them, as .xlsm; others' macros never go back.
    ``inbox`` is the folder that was reviewed, ``by`` until when to send again (a text, 2025年3月10日), ``contact``
    whom to ask, ``forms`` the office's own folder of forms. ``rounds`` says of year and code how often the project is
    returned with this, where more is known of it than the file itself says. The same result and files give the same bytes.
    What ``folder`` holds of earlier returns, and is no part of this one, goes to 归档 in it (see ``archiving``).
    ``only`` are codes of projects that are returned by themselves: with a notice of their own, 退回通知（P02）.docx, and
    all else in ``folder`` stays. ``watch`` hears after each how many of how many are done.
    Raises SettingsError (there is nothing to return of one of ``only``), OutputError, TemplateError (the notice's form), WithheldFile (a submitted file that the system does not give).
    """
    form = open_form(find_form(RETURN_FORM, Path(forms) if forms is not None else None))
    sources = {source.name: source for source in find_sources(Path(inbox))[0]}
    groups, taken = _choose(_group_by_notice(result, Path(folder), ask=ask), only)
    named = {item.file for items in groups.values() for item in items if item.project and not item.imported}
    refused = find_unreadable([source for name, source in sources.items() if name in named])

    def write() -> Iterator[Returned]:
        current: list[Path] = []
        for notice, items in groups.items():
            names = set(taken.get(notice, ()))
            done = [
                replace(item, reason=_CHANGED)
                if sources.get(item.file) in refused
                else _write_copy(item, sources.get(item.file), keys, by, names, rounds)
                if item.project
                else item
                for item in items
            ]
            replace_returned(notice, form.render(fill_tags(NOTICE_TAGS, NoticeFacts(result, done, by, contact))))
            current += [notice, *(item.path for item in done if item.path)]
            yield from done
        if not only:
            archive_others(Path(folder), current)

    return collect(write(), sum(map(len, groups.values())), watch)


# -- what to return -----------------------------------------------------------------------------------------------


def _group_by_notice(result: ReviewResult, folder: Path, *, ask: bool) -> dict[Path, list[Returned]]:
    """Covering notice → the department's files to return: those of its projects first; unknown files come last.

    What is wrong with the project list is finance's, as is what became of a file that it had accepted, and goes to nobody.
    """
    projects = {(project.file, project.code): project for project in result.projects}
    found: dict[tuple[str, str], list[Finding]] = {key: [] for key in projects}
    for row in result.findings:
        of_finance = row.of_the_list or row.is_about_judgement or row.code == EXCHANGED
        if row.file and row.severity is not Severity.INFO and not of_finance:
            key = (row.file, row.project_code)
            found.setdefault(key if key in projects else (row.file, ""), []).append(row)
    departments = {row.code: row.department for row in result.missing}
    departments |= {row.code: row.department for row in result.projects}
    unread = {row.unread_file: row.department for row in result.missing if row.unread_file}
    groups: dict[Path, list[Returned]] = {}
    for (file, code), own in found.items():
        rows, project = tuple(sorted(own, key=_rank_row)), projects.get((file, code))
        if not _goes_back(rows, project, ask):
            continue
        owner = project.department if project else unread.get(file) or _find_owner(file, rows, departments)
        notice = name_notice(department_folder(folder, owner))
        groups.setdefault(notice, []).append(Returned(owner, file, notice, rows, project))
    return dict(sorted(groups.items(), key=lambda pair: pair[0].parent.name == OTHER_FILES))


def name_notice(folder: Path, named: str = "") -> Path:
    """The covering notice in a department's folder, or that on projects which are returned by themselves, ``named`` so."""
    form = Path(RETURN_FORM)
    return folder / (f"{form.stem}（{safe_filename(named)}）{form.suffix}" if named else form.name)


def _choose(
    groups: dict[Path, list[Returned]], only: Collection[str]
) -> tuple[dict[Path, list[Returned]], dict[Path, set[str]]]:
    """What is returned now, under notices of its own where it is ``only`` some; and the names that copies of others may have there."""
    if not only:
        return groups, {}
    chosen: dict[Path, list[Returned]] = {}
    taken: dict[Path, set[str]] = {}
    for notice, items in groups.items():
        own = [item for item in items if item.project and item.project.code in only]
        codes = [item.project.code for item in own if item.project]
        if not codes:
            continue
        named = codes[0] if len(codes) == 1 else f"{codes[0]}等{len(codes)}个"
        place = name_notice(notice.parent, named)
        chosen[place] = [replace(item, notice=place) for item in own]
        rest = (safe_filename(PurePosixPath(item.file).stem).casefold() for item in items if item not in own)
        taken[place] = {stem + ending for stem in rest for ending in (".xlsx", ".xlsm")}
    if idle := sorted({*only} - {item.project.code for items in chosen.values() for item in items if item.project}):
        raise SettingsError(
            f"{'、'.join(idle)} 没有要退回的：没有报送，或者没有错误，也没有要单位说明的提醒。没有退回。"
        )
    return chosen, taken


def _rank_row(row: Finding) -> int:
    """Errors first, then what is to be explained, other 提醒, and what is explained."""
    if row.severity is Severity.ERROR:
        return 0
    return 2 if not is_question(row) else 3 if row.is_answered else 1


def _goes_back(rows: Iterable[Finding], project: ProjectRow | None, ask: bool) -> bool:
    if project and project.state is State.ACCEPTED:
        return False
    if any(row.severity is Severity.ERROR for row in rows):
        return True
    if project is None:
        return False
    return any(is_question(row) and not row.is_answered and (ask or row.ruling == REFUSED) for row in rows)


def _find_owner(file: str, rows: Iterable[Finding], departments: Mapping[str, str]) -> str:
    """Whose a file is that gave no project: by the project that its findings name, or the folder it lies in."""
    named = (departments[row.project_code] for row in rows if row.project_code in departments)
    folders = {safe_filename(name, 60): name for name in departments.values()}
    folders |= {department_folder(Path(), name).name: name for name in departments.values()}
    lying = (folders[part] for part in PurePosixPath(file).parts[:-1] if part in folders)
    return next(chain(named, lying), OTHER_FILES)


# -- the copies --------------------------------------------------------------------------------------------------------


def _write_copy(
    item: Returned,
    source: SourceFile | None,
    keys: Keys,
    by: str,
    names: set[str],
    rounds: Mapping[tuple[int, str], int],
) -> Returned:
    """The item with its copy written, or with the reason why there is none."""
    if source is None:
        return replace(item, reason="报送的文件已不在原处，没有副本。")
    if item.imported:
        return replace(item, reason=_HAND_MADE)
    reading = read_submission(source, keys)
    if any(f.code == _WITHHELD for f in reading.findings):
        raise WithheldFile(f"报送的文件“{source.name}”打不开。请关掉打开它的程序，检查磁盘和权限，再运行一次。")
    submission = reading.submission
    if submission is None or item.project is None or submission.project.code != item.project.code:
        return replace(item, reason=_CHANGED)
    if reading.seal is None:
        return replace(item, reason=_say_why_unsealed(reading))
    number = max(reading.mark.round + 1 if reading.mark else 1, rounds.get((item.project.year, item.project.code), 1))
    try:
        copy = build_copy(item, submission, by, number)
        data = draw_workbook(submission.layout, reading.seal, copy, macros=reading.macros)
    except TemplateError as exc:
        return replace(item, reason=f"无法生成副本（{exc}）。请用下发的工作簿重新填写。")
    path = item.notice.with_name(
        _choose_name(source.name, item.project.code, names, ".xlsm" if reading.macros else ".xlsx")
    )
    replace_returned(path, data)
    return replace(item, path=path)


def _say_why_unsealed(reading: Reading) -> str:
    if any(f.code == _NO_KEY for f in reading.findings):
        return "本机没有下发时的签名密钥，无法生成副本。"
    if any(f.code == _REVOKED for f in reading.findings):
        return "签名的密钥已作废，不能生成副本。请用新下发的工作簿重新填写。"
    return "标识信息被改动，签名核验不通过，不能生成副本。请用下发的工作簿重新填写。"


def _choose_name(submitted: str, code: str, taken: set[str], ending: str) -> str:
    """The name of the submitted file; with the project's code where another copy has that name."""
    stem = PurePosixPath(submitted).stem
    name = safe_filename(stem) + ending
    if name.casefold() in taken:
        name = safe_filename(f"{stem}（{code}）") + ending
    taken.add(name.casefold())
    return name
