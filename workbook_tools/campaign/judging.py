"""核定 and 接受说明 without opening 审核结果.xlsx: written into its yellow cells as if somebody had typed them there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.campaign.kept_rooms import open_outputs
from workbook_tools.campaign.ledger.ruling import note_rulings
from workbook_tools.campaign.reviewing import keep_review_time
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import ACCEPTED, REFUSED
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import Judgement, JudgementKey, ReviewResult, Ruling
from workbook_tools.core.values import parse_quantity
from workbook_tools.files.open_elsewhere import find_hindrance
from workbook_tools.results.answer_sheet import list_questions
from workbook_tools.results.facts import indicator_entries
from workbook_tools.results.folder import StoredResult, write_results
from workbook_tools.results.json_file import read_json
from workbook_tools.results.names import list_workbooks
from workbook_tools.results.typed_cells import JudgedResult, TypedCells, judge
from workbook_tools.results.typed_reading import read_typed
from workbook_tools.review.folder import Review

_Change = Callable[[ReviewResult, TypedCells], TypedCells]


def judge_score(campaign: Campaign, key: JudgementKey, score: str, reason: str, by: str, now: datetime) -> StoredResult:
    """Enter a 核定得分 with its reason for one indicator, or with a blank score take back the one that is there.

    Raises SettingsError: there is no such indicator, the score is none or lies outside its weight, a reason or name is missing;
    then nothing is written. OutputError.
    """
    if score and not (reason and by):
        raise SettingsError("核定要写明理由和核定人。没有改动。")
    typed = parse_quantity(score) if score else None
    value = typed.number if typed and typed.direction is None and typed.unit in ("", "分") else score

    def change(result: ReviewResult, cells: TypedCells) -> TypedCells:
        entry = next((one for one in indicator_entries(result) if one.key == key), None)
        if entry is None:
            raise SettingsError("审核结果里没有这个指标了，请再看一次。没有改动。")
        rest = [item for item in cells.judgements if item.key != key]
        new = Judgement(key=key, score=value, reason=reason, by=by, at=_clock(now), computed=entry.row.score)
        return replace(cells, judgements=[*rest, new] if score else rest)

    def check(judged: JudgedResult) -> str:
        row = next(one.row for one in indicator_entries(judged.result) if one.key == key)
        wrong = [item for item in judged.findings if item.project_code == key[0] and item.field == key[3]]
        return str(wrong[0]) if score and row.reviewed_score is None and wrong else ""

    return _rewrite(campaign, change, check)


def rule_answers(
    campaign: Campaign, code: str, numbers: Collection[str], ruling: str, reason: str, by: str, now: datetime
) -> tuple[StoredResult, str]:
    """Accept or refuse a unit's answers to these 提醒 of a project (or accept them unanswered), or with a blank ruling take that back.

    Gives the result, and a sentence where the ledger does not know of it. Raises SettingsError (no question is named, there is none such, a name, or the
    opinion of a refusal is missing; nothing is written), OutputError.
    """
    if not numbers:
        raise SettingsError("请先勾选要一起接受的提醒。没有改动。")
    if ruling not in ("", ACCEPTED, REFUSED) or (ruling and not by) or (ruling == REFUSED and not reason):
        raise SettingsError("请选接受或不接受，写明接受人；不接受的还要写明意见。没有改动。")

    def change(result: ReviewResult, cells: TypedCells) -> TypedCells:
        asked = {entry.key: entry.row for entry in list_questions(result, {})}
        keys = {(code, number): None for number in numbers}
        if keys.keys() - asked.keys():
            raise SettingsError("审核结果里没有这条提醒了，请再看一次。没有改动。")
        rest = [item for item in cells.rulings if item.key not in keys]
        said = {"ruling": ruling, "reason": reason, "by": by, "at": _clock(now)}
        new = [Ruling(project_code=code, number=key[1], answer=asked[key].answer, **said) for key in keys]
        return replace(cells, rulings=[*rest, *new] if ruling else rest)

    stored = _rewrite(campaign, change, lambda _: "")
    return stored, note_rulings(campaign, stored.result, now)


def _rewrite(campaign: Campaign, change: _Change, check: Callable[[JudgedResult], str]) -> StoredResult:
    """Write 审核结果 of the last review with what is typed changed, unless ``check`` says what is wrong with that."""
    data = campaign.result_file
    _refuse_open(data)
    before = read_json(data)
    typed = change(before, read_typed(list_workbooks(data), HeldParts(before)))
    if fault := check(judge(before, typed)):
        raise SettingsError(f"{fault}没有改动。")
    with keep_review_time(data), open_outputs(campaign) as outputs:
        review = Review(HeldParts(before), folder=campaign.folder(INBOX))
        most = campaign.settings.results.one_workbook
        return write_results(review, data.parent, outputs, most=most, given=typed)


def _refuse_open(data: Path) -> None:
    """Raises SettingsError if somebody has a workbook open: saving it later would undo what is written here."""
    if opened := sorted(path.name for path in list_workbooks(data) if any(find_hindrance(path))):
        raise SettingsError(
            f"好像正在 WPS、LibreOffice 里开着：{'、'.join(opened)}。在那里一保存，这里记下的就没有了：请先在那里保存、关掉，"
            "再点一次。已经关掉还这样说的，打开它再关一次。没有改动。"
        )


def _clock(now: datetime) -> str:
    """The present time, written as the time of a saved file is."""
    return now.astimezone().strftime("%Y-%m-%d %H:%M")
