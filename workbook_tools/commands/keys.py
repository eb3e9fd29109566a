"""``wbt key``: the signing keys that a working folder knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.key_ring import (
    KeyRing,
    KeyState,
    RingKey,
    add_key,
    end_key,
    read_key_file,
    read_ring,
    sign_with,
)
from workbook_tools.commands.terminal import print_line, print_warning
from workbook_tools.commands.working_folder import need_campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.form.identity import SigningKey

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

KeyId = Annotated[str, typer.Argument(metavar="编号", help="密钥的编号，或它的前几位；用 wbt key list 查看。")]


@app.command("list")
def list_keys() -> None:
    """列出这个工作文件夹认得的密钥和各自的状态。"""
    ring = _read()
    for item in ring.keys:
        print_line("　".join(filter(None, (item.key.id, item.state.value, item.since, item.note))))
    print_warning(ring.trouble)


@app.command()
def new() -> None:
    """另做一把密钥用来签名；原来签名的转为停用，它签的仍可核验。"""
    ring = _read()
    former, lost = ring.signing, ring.lost
    ring = sign_with(ring, SigningKey.new(), date.today())
    if former:
        print_line(f"原来的密钥 {former.key.id} 已停用：以前用它下发的工作簿仍可核验。")
    if lost:
        print_warning("原来的密钥没有找回：以前用它下发的工作簿仍无法核验。请用 wbt generate --overwrite 重新下发。")
    _print_signing(ring)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="密钥文件", help="别的科室、别的电脑的，或备份的 signing.key。")],
    note: Annotated[str, typer.Option("--note", metavar="文字", help="是谁的，如 乡镇股的电脑。")] = "",
    sign: Annotated[bool, typer.Option("--sign", help="用它签名：恢复丢失的密钥，或换了电脑。")] = False,
) -> None:
    """加入一把密钥，用它签的工作簿也能核验。"""
    ring = _read()
    try:
        key = read_key_file(file)
    except SettingsError as exc:
        raise SettingsError(f"{exc}。没有加入密钥。") from None
    if sign:
        _print_signing(sign_with(ring, key, date.today()))
        return
    ring = add_key(ring, key, note, date.today())
    print_line(f"密钥 {key.id} 在密钥环里，状态：{ring.find(key.id).state}。")
    print_warning(ring.trouble)


@app.command()
def retire(key_id: KeyId) -> None:
    """停用一把密钥：不再用它签名，以前签的仍可核验。"""
    ring, item = _end(key_id, KeyState.RETIRED)
    print_line(f"密钥 {item.key.id} 已停用：不再用来签名，以前用它下发的工作簿仍可核验。")
    print_warning(ring.trouble)


@app.command()
def revoke(key_id: KeyId) -> None:
    """作废一把密钥（泄露了，或不再可信）：它签的工作簿一律不能核实。"""
    ring, item = _end(key_id, KeyState.REVOKED)
    print_line(
        f"密钥 {item.key.id} 已作废：用它下发的工作簿不能核实（TAMPER12），wbt accept --all 不接收它们。"
        "请重新运行 wbt review；用新的密钥重新下发，请单位用新的工作簿填报。"
    )
    print_warning(ring.trouble)


def _read() -> KeyRing:
    return read_ring(need_campaign().key_file)


def _end(key_id: str, state: KeyState) -> tuple[KeyRing, RingKey]:
    ring = _read()
    item = ring.find(key_id)
    return end_key(ring, item, state, date.today()), item


def _print_signing(ring: KeyRing) -> None:
    print_line(f"现在用密钥 {ring.need_signing().id} 签名。它在 {ring.file}，请备份，不要外发。")
