"""Where a working folder stands, in a few lines, and what to do next: for somebody who opens it without a command in mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.disclosure_lines import DisclosureLine
from workbook_tools.campaign.folder import ANSWERS, INBOX, MATTER_LIST, RECTIFICATION, SAMPLE_FOLDER, Campaign
from workbook_tools.campaign.ledger.standing import FolderReading, Standing, find_standing
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.states import State
from workbook_tools.files.sources import find_arrival, list_files
from workbook_tools.followup.matter_history import MatterHistory, MatterState


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to be done now."""

    command: str
    """What does it, as typed after ``wbt``; blank where a person has to do something first."""
    reason: str
    """Why, as a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a working folder is."""

    title: str
    counts: str
    """How many projects stand where; blank where there is no usable list yet."""
    note: str
    """Up to when, and by which deadline, they were judged."""
    steps: tuple[NextStep, ...]
    """In the order in which they are best done; none where all is done."""
    standing: Standing | None = None
    """Each project; ``None`` where there is no usable list yet."""


def find_next_steps(campaign: Campaign, now: datetime, reading: FolderReading | None = None) -> Progress:
    """Looks at the list, the ledger and what lies in the folders; changes none of them. Raises LedgerError."""
    title = f"{campaign.settings.authority}{campaign.settings.year}年度项目支出绩效自评"
    try:
        found = find_standing(campaign, now, reading)
    except SettingsError as exc:
        return Progress(title, "", "", (NextStep("", str(exc)), *_prepare_list(campaign)))
    counts = Counter(row.state for row in found.rows)
    shown = "，".join(f"{state} {counts[state]}" for state in State if counts[state])
    steps = (
        *_send_out(found.rows),
        *_take_in(campaign),
        *_settle(found.rows),
        *_present(campaign, found.rows),
        *_inspect(campaign),
        *list_mending_steps(campaign, found.mending, now),
        *_disclose(found.disclosure),
    )
    return Progress(title, f"共 {len(found.rows)} 个项目：{shown}。", found.note, steps, found)


def _prepare_list(campaign: Campaign) -> Iterator[NextStep]:
    name = campaign.project_list.name
    yield NextStep("generate", f"填好 {name} 以后，生成各项目的工作簿；清单里的问题会逐处指出")
    yield NextStep("import 文件夹", f"手里有以前的自评表（Excel、WPS、Word）的，先由它们做出 {name}")


def _send_out(rows: Sequence[StatusRow]) -> Iterator[NextStep]:
    """An office that has had answers without packing sends its workbooks in another way, and is not told to pack."""
    if new := [row for row in rows if row.issued_at is None]:
        yield NextStep("generate", f"{len(new)} 个项目还没有生成工作簿")
    answered = any(row.versions for row in rows)
    if loose := [row for row in rows if row.issued_at and (row.to_pack or not (row.packed_at or answered))]:
        yield NextStep("pack", f"{len(loose)} 个项目的工作簿还没有打包，按主管部门打成压缩包就可以发出")


def _take_in(campaign: Campaign) -> Iterator[NextStep]:
    if new := count_newer(campaign.folder(INBOX), campaign.result_file):
        yield NextStep(
            "run", f"{INBOX} 里有 {new} 个文件还没有审核；审核、退回、出报告、汇总一次做完（只审核用 wbt review）"
        )


def _settle(rows: Sequence[StatusRow]) -> Iterator[NextStep]:
    here = [row for row in rows if not row.is_out]
    if wrong := [row for row in here if row.state in (State.TO_CORRECT, State.TO_EXPLAIN)]:
        yield NextStep("return", f"{len(wrong)} 个项目要退回更正或请单位说明，还没有退回")
    if ready := [row for row in here if row.state is State.READY and row.is_accepted_in_bulk]:
        yield NextStep("accept --all", f"{len(ready)} 个项目没有要改的了，可以接收")
    if owed := [row for row in rows if row.issued_at and (row.is_out or row.state is State.MISSING)]:
        late, out = sum(bool(row.late) for row in owed), sum(row.is_out for row in owed)
        missing = [f"{len(owed) - out} 个项目还没有报来"] if len(owed) > out else []
        again = [f"{out} 个退回后还没有重报" if missing else f"{out} 个项目退回后还没有重报"] if out else []
        yield NextStep(
            "status --remind",
            "，".join([*missing, *again]) + (f"，其中 {late} 个已逾期" if late else "") + "，写好催报的文字",
        )


def _present(campaign: Campaign, rows: Sequence[StatusRow]) -> Iterator[NextStep]:
    result = campaign.result_file
    if not result.is_file() or not any(row.versions for row in rows):
        return
    if not _is_newer(campaign.folder("汇总"), result):
        yield NextStep("merge", "审核以后还没有汇总")
    if not _is_newer(campaign.folder("报告"), result):
        yield NextStep("report", "审核以后还没有出报告")
    done = all(row.state is State.ACCEPTED for row in rows)
    if done and not list_files(campaign.folder("公开")):
        yield NextStep("publish", "所有项目都已接收，可以做公开版")


def _inspect(campaign: Campaign) -> Iterator[NextStep]:
    """Of a sample that was drawn: its 复核表, and those of them that have come back."""
    if not (campaign.root / SAMPLE_FOLDER).is_dir():
        return
    from workbook_tools.campaign.inspection_record import RECORD, RETURNED, find_inspection_folder

    record = find_inspection_folder(campaign) / RECORD
    if not record.is_file():
        yield NextStep("inspect", "抽查名单已经有了，给抽中的项目写复核表")
    elif new := count_newer(find_inspection_folder(campaign, RETURNED), record):
        yield NextStep("inspect --read", f"复核/{RETURNED} 里有 {new} 个文件还没有读")


def list_mending_steps(campaign: Campaign, matters: Sequence[MatterHistory], now: datetime) -> Iterator[NextStep]:
    """Answers that lie there, what is over its term, and what waits for finance to check."""
    if new := count_newer(campaign.root / RECTIFICATION / ANSWERS, campaign.root / RECTIFICATION / MATTER_LIST):
        yield NextStep("rectify", f"{RECTIFICATION}/{ANSWERS} 里有 {new} 个文件还没有读入")
    if over := sum(one.is_over(now) for one in matters):
        yield NextStep("status", f"整改有 {over} 项已过期限，看是哪些单位，催它们答复")
    if waiting := sum(one.state is MatterState.TO_CHECK for one in matters):
        yield NextStep(
            "",
            f"整改有 {waiting} 项单位已经答复，请核查后在 {RECTIFICATION}/{MATTER_LIST} 里填结论，再运行 wbt rectify",
        )


def _disclose(lines: Sequence[DisclosureLine]) -> Iterator[NextStep]:
    """When and where was published, and why not all."""
    if waiting := sum(line.is_waiting for line in lines):
        yield NextStep(
            "",
            f"公开情况表.xlsx 里有 {waiting} 个部门的公开时间、网址或不公开原因没有填，填好后运行 wbt publish --table",
        )


def count_newer(folder: Path, mark: Path) -> int:
    """How many files came into ``folder`` after ``mark`` was written; all of them where it was not."""
    since = mark.stat().st_mtime if mark.is_file() else 0.0
    return sum(find_arrival(path) > since for path in list_files(folder)) if folder.is_dir() else 0


def _is_newer(folder: Path, mark: Path) -> bool:
    return count_newer(folder, mark) > 0
