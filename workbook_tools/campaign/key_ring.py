"""密钥环: the signing keys that a working folder knows, and what each is good for.

The key that signs lies alone in ``.wbt/signing.key``, as it always has. The others, and what was ended, are in
``.wbt/keys.toml``, which is there only once there are any. What that file says of a key goes before where it lies. A key is
never made in place of one that is lost: whoever needs it is told, and decides.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbook_tools.core.errors import OutputError, SettingsError, WithheldFile, os_reason
from workbook_tools.core.visible_text import show_steering
from workbook_tools.files.paths import replace_file
from workbook_tools.form.identity import SigningKey

RING_FILE = "keys.toml"
"""Beside the key that signs."""
_HEAD = """\
# 密钥环：除了签名的那一把（signing.key），这个工作文件夹还认得哪些密钥。用 wbt key 管理，请勿外发，连同 signing.key 一起备份。
# state：核验 = 别处的密钥，只用来核验；停用 = 不再签名，以前签的仍可核验；作废 = 它签的一律不能核实。
"""
_ADVICE = (
    "有备份的，运行 wbt key add 备份的密钥文件 --sign 恢复；"
    "没有备份的，运行 wbt key new 另做一把，再用 wbt generate --overwrite 重新下发，请单位用新的工作簿填报。"
    "程序不会自己另做一把。"
)


class KeyState(StrEnum):
    """What a key is good for."""

    SIGNING = "签名"
    VERIFYING = "核验"
    """Another office's or computer's."""
    RETIRED = "停用"
    REVOKED = "作废"


@dataclass(frozen=True, slots=True)
class RingKey:
    """A key of the ring."""

    key: SigningKey
    state: KeyState
    note: str = ""
    since: str = ""
    """The day on which it came to this state, as 2025-03-01; empty for the key of a folder that never had another."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of a working folder as they lie there."""

    file: Path
    """Where the key that signs lies, or should."""
    keys: tuple[RingKey, ...]
    lost: str = ""
    """Why the key that signs cannot be used, as a clause; empty where it can, or where it was ended."""

    @property
    def signing(self) -> RingKey | None:
        """The key that signs."""
        return next((item for item in self.keys if item.state is KeyState.SIGNING), None)

    @property
    def signing_key(self) -> SigningKey | None:
        """The same without what the ring says of it."""
        return self.signing.key if self.signing else None

    @property
    def verifying(self) -> dict[str, SigningKey]:
        """Key id → key, for reading workbooks; those that are revoked, or another office's, know it."""
        return {
            item.key.id: replace(
                item.key, revoked=item.state is KeyState.REVOKED, foreign=item.state is KeyState.VERIFYING
            )
            for item in self.keys
        }

    @property
    def trouble(self) -> str:
        """Why nothing can be signed, what that means and what to do; empty where there is a key that signs."""
        if self.signing:
            return ""
        if self.lost:
            return f"{self.lost}。没有它，以前用它下发的工作簿无法核验是否被改动（TAMPER08），做不出退回副本，也给不出保护密码。{_ADVICE}"
        return "签名的密钥已停用或作废，还没有新的。请运行 wbt key new 做一把，再生成工作簿。"

    def need_signing(self) -> SigningKey:
        """The key that signs. Raises SettingsError that says what its loss means and what to do."""
        if self.signing_key is None:
            raise SettingsError(self.trouble)
        return self.signing_key

    def refuse_ended(self, key: SigningKey) -> None:
        """Raises SettingsError where ``key``, wherever it comes from, is retired or revoked here: it may not sign."""
        ended = {item.key.id: item.state for item in self.keys if item.state in (KeyState.RETIRED, KeyState.REVOKED)}
        if key.id in ended:
            raise SettingsError(f"密钥 {key.id} 已{ended[key.id]}，不能用来签名。用 wbt key list 查看可用的密钥。")

    def find(self, key_id: str) -> RingKey:
        """The key of that id, or of the only one that begins so. Raises SettingsError."""
        found = [item for item in self.keys if key_id and item.key.id.startswith(key_id.lower())]
        if len(found) != 1:
            raise SettingsError(f"没有编号为“{key_id}”的密钥，或者不止一把。用 wbt key list 查看编号。")
        return found[0]


# -- reading -------------------------------------------------------------------------------------------------------------


def read_key_file(file: Path) -> SigningKey:
    """The key in a file. Raises SettingsError: it is gone, empty, damaged or must not be read."""
    try:
        text = file.read_bytes().decode("ascii")
    except FileNotFoundError:
        raise SettingsError(f"找不到签名密钥 {file}") from None
    except OSError as exc:
        raise WithheldFile(f"签名密钥 {file} 无法读取（{os_reason(exc)}）") from None
    except UnicodeDecodeError:
        raise SettingsError(f"签名密钥 {file} 已损坏") from None
    if not text.strip():
        raise SettingsError(f"签名密钥 {file} 是空的")
    try:
        return SigningKey.from_text(text)
    except ValueError:
        raise SettingsError(f"签名密钥 {file} 已损坏") from None


def read_ring(file: Path) -> KeyRing:
    """The ring whose key that signs lies, or should lie, in ``file``; a loss of that one is told in the ring.

    Raises SettingsError where the other file cannot be read: which keys are revoked is then not known; and where that
    one is there and the system does not give it: it is not lost, and must not be replaced.
    """
    others = _read_others(file.with_name(RING_FILE))
    try:
        key = read_key_file(file)
    except WithheldFile as exc:
        raise WithheldFile(
            f"{exc}，因此没有继续。请检查磁盘和权限，再运行一次；确实读不出来的，把它改名，再用 wbt key add 备份的密钥 --sign 恢复。"
        ) from None
    except SettingsError as exc:
        return KeyRing(file, others, str(exc))
    if any(item.key.id == key.id for item in others):
        return KeyRing(file, others)
    return KeyRing(file, (RingKey(key, KeyState.SIGNING), *others))


def _read_others(path: Path) -> tuple[RingKey, ...]:
    if not path.exists():
        return ()
    try:
        text = path.read_text("utf-8")
        if not text.strip():
            raise ValueError("是空的")
        return tuple(_read_entry(entry) for entry in tomllib.loads(text)["keys"])
    except OSError as exc:
        why = os_reason(exc)
    except (ValueError, KeyError, TypeError) as exc:  # a TOML fault is a ValueError too
        why = str(exc) if isinstance(exc, ValueError) else "不是 wbt key 写的样子"
    raise SettingsError(
        f"密钥环 {path} 读不了（{why}），不知道哪些密钥已作废，因此没有继续。请从备份恢复它；"
        "没有备份的，把它改名，再用 wbt key add 逐把加回（作废的加回后再作废）。"
    )


def _read_entry(entry: Any) -> RingKey:
    key = SigningKey.from_text(entry["secret"])
    if key.id != entry["id"]:
        raise ValueError(f"编号 {entry['id']} 与密钥不符")
    state = KeyState(entry["state"])
    if state is KeyState.SIGNING:
        raise ValueError("签名的密钥不写在这里")
    return RingKey(key, state, str(entry.get("note", "")), str(entry.get("since", "")))


# -- changing ------------------------------------------------------------------------------------------------------------


def start_ring(file: Path) -> SigningKey:
    """The first key of a new working folder. Raises OutputError."""
    key = SigningKey.new()
    _write_signing(file, key)
    return key


def sign_with(ring: KeyRing, key: SigningKey, today: date) -> KeyRing:
    """``key`` signs from now on; the one that did so is retired, a damaged file moved aside. Raises SettingsError, OutputError."""
    known = _find_known(ring, key)
    if known and known.state is KeyState.SIGNING:
        return ring
    if known and known.state is KeyState.REVOKED:
        raise SettingsError(f"密钥 {key.id} 已作废，不能再用来签名。请运行 wbt key new 另做一把。")
    former = ring.signing
    # The former is safe in the ring before its file is replaced; the new one leaves the others once its file is there.
    if former:
        ring = _store(ring, replace(former, state=KeyState.RETIRED, since=today.isoformat()))
    elif ring.lost and ring.file.exists():
        _move_aside(ring.file)
    _write_signing(ring.file, key)
    if known:
        _write_others(ring.file, (item for item in _others(ring) if item.key.id != key.id))
    return read_ring(ring.file)


def add_key(ring: KeyRing, key: SigningKey, note: str, today: date) -> KeyRing:
    """``key`` verifies from now on; one that is known stays as it is. Raises OutputError."""
    if _find_known(ring, key):
        return ring
    return _store(ring, RingKey(key, KeyState.VERIFYING, note, today.isoformat()))


def end_key(ring: KeyRing, item: RingKey, state: KeyState, today: date) -> KeyRing:
    """Retire or revoke a key. The file of the key that signs stays, so that a missing file means a lost key.

    Raises SettingsError (a revoked key cannot be retired), OutputError.
    """
    if item.state is KeyState.REVOKED and state is not KeyState.REVOKED:
        raise SettingsError(f"密钥 {item.key.id} 已作废，不能改为停用。")
    return _store(ring, replace(item, state=state, since=today.isoformat()))


def _find_known(ring: KeyRing, key: SigningKey) -> RingKey | None:
    return next((item for item in ring.keys if item.key.id == key.id), None)


def _others(ring: KeyRing) -> list[RingKey]:
    return [item for item in ring.keys if item.state is not KeyState.SIGNING]


def _store(ring: KeyRing, changed: RingKey) -> KeyRing:
    """The ring with a key among the others, new or changed."""
    others = [item for item in _others(ring) if item.key.id != changed.key.id]
    _write_others(ring.file, (*others, changed))
    return read_ring(ring.file)


def _write_others(file: Path, others: Iterable[RingKey]) -> None:
    text = _HEAD + "".join(_toml_entry(item) for item in others)
    replace_file(
        file.with_name(RING_FILE), (text if "[[keys]]" in text else f"{text}keys = []\n").encode(), private=True
    )


def _toml_entry(item: RingKey) -> str:
    facts = {
        "id": item.key.id,
        "state": item.state.value,
        "since": item.since,
        "note": item.note,
        "secret": item.key.text,
    }
    # A JSON string without control characters is a TOML string.
    lines = (
        f"{name} = {json.dumps(show_steering(' '.join(text.split())), ensure_ascii=False)}"
        for name, text in facts.items()
    )
    return "\n[[keys]]\n" + "\n".join(lines) + "\n"


def _write_signing(file: Path, key: SigningKey) -> None:
    replace_file(file, key.text.encode(), private=True)


def _move_aside(file: Path) -> None:
    number = 1
    while (aside := file.with_name(f"{file.name}.损坏{number}")).exists():
        number += 1
    try:
        file.rename(aside)
    except OSError as exc:
        raise OutputError(f"损坏的密钥文件 {file} 移不开：{os_reason(exc)}。") from None
