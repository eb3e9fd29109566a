"""台账和密钥: who did what when, whether the ledger is as it was recorded, its copies; the keys that sign and verify."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.key_ring import (
    KeyRing,
    KeyState,
    add_key,
    end_key,
    read_key_file,
    read_ring,
    sign_with,
)
from workbook_tools.campaign.ledger.checking import check_ledger
from workbook_tools.campaign.ledger.copies import list_copies
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.describing import LoggedEvent
from workbook_tools.campaign.ledger.log import read_chain, read_log
from workbook_tools.campaign.ledger.restoring import repair_ledger, restore_copy, write_export
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.form.identity import SigningKey
from workbook_tools.page.jobs import Job, JobLine, Level
from workbook_tools.page.shelves import stamp_files
from workbook_tools.page.visiting import Visit, route

_PAGE = 200
"""Events of a page."""
_MOST_SHOWN = 200
"""Differences that are listed before the tables are made anew."""
_MOST_KEY = 4096
"""Bytes of a file that may be a key."""


def _show_ledger(visit: Visit) -> Response:
    """The last events first."""
    campaign, code = visit.campaign, visit.asked("project").strip()
    events = [event for event in _read(visit, campaign) if not code or event.code == code]
    last, typed = max(-(-len(events) // _PAGE), 1), visit.asked("page", "1")
    number = min(max(int(typed) if typed.isdecimal() else 1, 1), last)
    place = campaign.ledger_place
    return visit.show(
        "ledger.html",
        events=events[::-1][(number - 1) * _PAGE : number * _PAGE],
        found=len(events),
        number=number,
        last=last,
        code=code,
        copies=list_copies(place) if isinstance(place, Path) else [],
        place=place if isinstance(place, Path) else "",
        ring=read_ring(campaign.key_file),
        states=KeyState,
        said=visit.asked("said"),
    )


def _read(visit: Visit, campaign: Campaign) -> list[LoggedEvent]:
    """All events, read again when the ledger's file has changed; one on a server each time."""
    place = campaign.ledger_place
    if not isinstance(place, Path):
        return read_log(campaign)
    stamp = stamp_files((place, place.with_name(f"{place.name}-wal")))
    return visit.folder.keep("log", stamp, lambda: read_log(campaign))


def _verify(visit: Visit) -> Response:
    campaign = visit.campaign

    def work(_: Job) -> Iterator[JobLine]:
        done = check_ledger(open_database(campaign.ledger_place, campaign.has_issued), campaign.known_keys())
        for sentence in done.report:
            yield JobLine(sentence, Level.ERROR if done.faults else Level.GOOD)

    return visit.begin("核对台账", "ledger", "ledger verify", work)


def _show_repair(visit: Visit) -> Response:
    """What of the tables differs from what was recorded, before it is made anew."""
    campaign = visit.campaign
    found = check_ledger(open_database(campaign.ledger_place, campaign.has_issued), campaign.known_keys())
    return visit.show("ledger_repair.html", found=found, shown=_MOST_SHOWN)


def _repair(visit: Visit) -> Response:
    if not visit.typed("sure"):
        raise SettingsError("重做以前请勾选“我看过了”。没有改动。")
    campaign, folder = visit.campaign, visit.folder

    def work(_: Job) -> Iterator[JobLine]:
        done = repair_ledger(campaign)
        folder.forget()
        if done.repaired:
            yield JobLine(f"有 {done.repaired} 处表和登记不一致，已按登记重做各表。", Level.GOOD)
        for sentence in done.check.report:
            yield JobLine(sentence, Level.ERROR if done.check.faults else Level.GOOD)

    return visit.begin("重做台账各表", "ledger", "ledger verify", work)


def _export(visit: Visit) -> Response:
    """Every event as a line of JSON, from which a ledger can be restored."""
    campaign = visit.campaign
    name = quote(f"{campaign.settings.year}年度台账登记.jsonl")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(write_export(read_chain(campaign)), media_type="application/x-ndjson", headers=headers)


def _restore(visit: Visit) -> Response:
    """The copy of a day in place of the ledger."""
    visit.need_quiet()
    campaign = visit.campaign
    place = campaign.ledger_place
    if not isinstance(place, Path):
        raise SettingsError("台账在数据库服务器上，请管理员从他的备份恢复。")
    try:
        day = date.fromisoformat(visit.typed("day"))
    except ValueError:
        raise SettingsError("请选哪一天的备份。") from None
    if not visit.typed("sure"):
        raise SettingsError("那一天以后的登记不在备份里。确要恢复，请勾选“我知道”。没有改动。")
    aside = restore_copy(place, day, datetime.now(UTC), campaign.sign_ledger)
    visit.folder.forget()
    told = f"台账已用 {day} 的备份恢复。" + (f"原来的台账移到了 {aside}。" if aside else "")
    return visit.go("ledger", say=f"{told}那以后的登记不在里面：请再审核、退回一次补上，那以后接收的要重新接收。")


# -- keys -----------------------------------------------------------------------------------------------------------


def _make_key(visit: Visit) -> Response:
    visit.need_quiet()
    ring = read_ring(visit.campaign.key_file)
    former = ring.signing
    ring = sign_with(ring, SigningKey.new(), date.today())
    told = f"原来的密钥 {former.key.id} 已停用：以前用它下发的工作簿仍可核验。" if former else ""
    return visit.go("ledger", say=told + _say_signing(ring))


def _add_key(visit: Visit) -> Response:
    """A key from a file: another office's, or a copy of one that was lost."""
    visit.need_quiet()
    sent = next(visit.files(), None)
    if sent is None:
        raise SettingsError("没有选文件。请先选密钥文件（signing.key 或它的备份）。")
    with temporary_folder() as place:
        copy = Path(place, "signing.key")
        copy.write_bytes(sent.file.read(_MOST_KEY))
        try:
            key = read_key_file(copy)
        except SettingsError:
            raise SettingsError(f"“{sent.filename}”不是密钥文件，或者已经损坏。没有加入密钥。") from None
    ring = read_ring(visit.campaign.key_file)
    if visit.typed("sign"):
        return visit.go("ledger", say=_say_signing(sign_with(ring, key, date.today())))
    ring = add_key(ring, key, visit.typed("note"), date.today())
    return visit.go("ledger", say=f"密钥 {key.id} 在密钥环里，状态：{ring.find(key.id).state}。")


def _end_key(visit: Visit) -> Response:
    visit.need_quiet()
    ring = read_ring(visit.campaign.key_file)
    item = ring.find(visit.typed("key"))
    revoke = visit.typed("do") == "revoke"
    end_key(ring, item, KeyState.REVOKED if revoke else KeyState.RETIRED, date.today())
    if revoke:
        told = (
            "已作废：用它下发的工作簿不能核实（TAMPER12）。请再审核一次；用新的密钥重新下发，请单位用新的工作簿填报。"
        )
    else:
        told = "已停用：不再用来签名，以前用它下发的工作簿仍可核验。"
    return visit.go("ledger", say=f"密钥 {item.key.id} {told}")


def _say_signing(ring: KeyRing) -> str:
    return f"现在用密钥 {ring.need_signing().id} 签名。它在 {ring.file}，请备份，不要外发。"


ROUTES = [
    route("/f/{folder}/ledger", _show_ledger),
    route("/f/{folder}/ledger/verify", _verify, "POST"),
    route("/f/{folder}/ledger/repair", _show_repair),
    route("/f/{folder}/ledger/repair", _repair, "POST"),
    route("/f/{folder}/ledger/export", _export, whole=True),
    route("/f/{folder}/ledger/restore", _restore, "POST"),
    route("/f/{folder}/ledger/key/new", _make_key, "POST"),
    route("/f/{folder}/ledger/key/upload", _add_key, "POST"),
    route("/f/{folder}/ledger/key/end", _end_key, "POST"),
]
