"""What an officer has changed in Word in the drafted texts of a report: taken back as the office's own text.

A report says of each drafted text where it stands and what it was when it was written (``reports.acceptance.print_draft``). What
stands there now and is another text is what somebody wrote. Anything else that was changed in the file is not read: the file
is kept aside when the report is written anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.report_texts import BRIEF_KEYS, BRIEF_ROOM
from workbook_tools.core.errors import UnreadableWorkbook, tell_os_error
from workbook_tools.core.faces import LateModule
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier_outputs import EarlierOutputs
from workbook_tools.files.paths import is_saved_by_hand, keep_aside
from workbook_tools.reports.acceptance import Acceptances, Draft, EditedText, digest
from workbook_tools.reports.formatting import DRAFT, EDITED, OUTDATED
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_texts import find_draft, list_group_reports
from workbook_tools.reports.writing import place_group_report, place_project_report
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.word.text import clean, paragraphs

if TYPE_CHECKING:
    from workbook_tools.reports import filling
    from workbook_tools.review import guarded_reading
    from workbook_tools.word import places as word_places
else:  # a report that nobody has saved is not opened
    filling = LateModule("workbook_tools.reports.filling")
    guarded_reading = LateModule("workbook_tools.review.guarded_reading")
    word_places = LateModule("workbook_tools.word.places")

_MARKS = tuple(map(str, (DRAFT, EDITED, OUTDATED)))


@dataclass(slots=True)
class WordEdits:
    """What was taken from the reports, and what is to be told of it."""

    accepted: Acceptances
    taken: list[str] = field(default_factory=list)
    """Which texts were taken, each as a few words."""
    faults: list[str] = field(default_factory=list)
    """What could not be taken, or was changed in two places, in sentences."""


@dataclass(frozen=True, slots=True)
class SavedReport:
    """A report that somebody has saved, and the drafts in it by their key's digest."""

    path: Path
    drafts: Mapping[str, Draft]
    several: bool = False
    """It is on several projects: its texts stand in 报告文字.xlsx too."""


def take_word_edits(saved: Iterable[SavedReport], before: Acceptances, now: Acceptances, texts: Path) -> WordEdits:
    """The acceptances with what was written in Word into the drafts of these reports.

    ``before`` are the acceptances as they were kept, ``now`` those with what was just taken from 报告文字.xlsx (``texts``): what
    was changed there and in Word is decided by which file was saved last, and told. Raises OutputError.
    """
    edits = WordEdits(now)
    for report in saved:
        try:
            guarded_reading.try_reading(_read, report.path)
            found = _read(report.path)
        except UnreadableWorkbook as exc:
            edits.faults.append(f"“{report.path}”无法读取（{exc.message}），里面改的文字没有收回，原文件另存了一份")
            continue
        except OSError as exc:
            edits.faults.append(f"里面改的文字没有收回：无法读取{tell_os_error(exc, report.path)}")
            continue
        for key, placed in _list_changed(found).items():
            _take(edits, report, key, placed, before, texts)
    return edits


def _read(path: Path) -> list[word_places.PlacedText]:
    return word_places.read_places(path.read_bytes())


def find_saved_projects(
    part: ReviewResult, folder: Path, accepted: Acceptances, only: Collection[str] | None
) -> Iterator[SavedReport]:
    """The reports with drafts on projects of this part that somebody has saved since they were written; ``only`` as in ``report_result``."""
    saved = [
        project
        for project in part.projects
        if (only is None or project.code in only) and is_saved_by_hand(place_project_report(folder, project))
    ]
    for facts in filling.list_project_facts(part, saved, restore_schemes(part), accepted) if saved else ():
        if facts.drafts:
            drafts = {draft.key_digest: draft for draft in facts.drafts}
            yield SavedReport(place_project_report(folder, facts.project), drafts)


def find_saved_groups(
    campaign: CampaignFacts, folder: Path, accepted: Acceptances, outputs: EarlierOutputs
) -> Iterator[SavedReport]:
    """Those on several projects, but for those that stand as they were written."""
    for report in list_group_reports(campaign):
        path = place_group_report(folder, report)
        if not outputs.is_as_written(path) and is_saved_by_hand(path):
            drafts = (find_draft(report.facts, section, accepted) for section in report.sections)
            yield SavedReport(path, {draft.key_digest: draft for draft in drafts if draft}, several=True)


def _list_changed(found: Collection[word_places.PlacedText]) -> dict[str, list[word_places.PlacedText]]:
    """The places whose text is not the one that was written, by the key of the draft: a report may print a text twice."""
    changed: dict[str, list[word_places.PlacedText]] = {}
    for place in found:
        key, written, *_ = (*place.name.split("_"), "")
        text = _drop_marks(place.text)
        if digest(text)[:8] != written:
            changed.setdefault(key, []).append(word_places.PlacedText(written, text, place.more))
    return changed


def _drop_marks(text: str) -> str:
    """The text without 【草稿…】, wherever it was left."""
    for mark in _MARKS:
        text = text.replace(clean(mark), "")
    return paragraphs(text)


def _take(
    edits: WordEdits,
    report: SavedReport,
    key: str,
    places: list[word_places.PlacedText],
    before: Acceptances,
    texts: Path,
) -> None:
    """One text that was changed in Word."""
    draft, place = report.drafts.get(key), places[0]
    where = f"“{report.path.name}”"
    if draft is None:
        edits.faults.append(f"{where}里改过的一段，现在的报告没有这一部分，没有收回，原文件另存了一份")
        return
    where = f"{where}（{draft.project_code}）的“{draft.label}”"
    if len({one.text for one in places}) > 1:
        edits.faults.append(f"{where}在文件里有两处，改得不一样，没有收回；请改成一样的，原文件另存了一份")
        return
    if place.more:
        edits.faults.append(f"{where}里的表格、图片没有收回，只收回文字；原文件另存了一份")
    if place.text == draft.shown:
        return
    year, code, section = draft.key
    earlier = before.find_edited(draft.key)
    is_another = digest(draft.shown)[:8] != place.name
    if is_another and (draft.edited or earlier):
        if draft.edited != earlier and texts.stat().st_mtime > report.path.stat().st_mtime:
            edits.faults.append(f"{where}在 {texts.name} 里也改过，是后保存的，用它的；Word 里改的在另存的一份里")
            return
        aside = f"，{texts.name} 里的在“{keep_aside(texts).name}”" if report.several and texts.is_file() else ""
        edits.faults.append(f"{where}在别处也改过，Word 里的是后保存的，用它的{aside}")
    elif is_another:
        edits.faults.append(f"{where}在 Word 里改过，填报的数据也变了；改的文字照旧采用，请核对")
    if section in BRIEF_KEYS and len(place.text) > BRIEF_ROOM:
        edits.faults.append(f"{where}有 {len(place.text)} 字，简报一页可能放不下，请压缩到 {BRIEF_ROOM} 字以内")
    accepted = edits.accepted.with_edited([EditedText(year=year, project_code=code, section=section, text=place.text)])
    edits.accepted = accepted.without([draft])
    edits.taken.append(f"{code}“{draft.label}”" + ("" if place.text else "（清空了，恢复起草的文字）"))
