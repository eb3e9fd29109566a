"""LibreOffice as a spreadsheet program.

Our Python usually cannot import LibreOffice's ``uno``, so two child processes work for us: an unseen soffice with a
profile of its own, and :mod:`~workbook_tools.desk.uno_bridge` in a Python that has ``uno``. We exchange lines of JSON with
the bridge. Whatever takes too long is killed, both of them.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from workbook_tools.core.errors import UnreadableWorkbook, os_reason
from workbook_tools.core.faces import LateModule
from workbook_tools.desk.installed import (
    SOFFICE_VARIABLE,
    find_soffice,
    find_uno_python,
    make_bare_environment,
    no_window,
)
from workbook_tools.desk.program import DeskError, Value
from workbook_tools.files.package import Package, read_file

if TYPE_CHECKING:
    from workbook_tools.word import contents
else:  # whoever looks for programs has no document yet
    contents = LateModule("workbook_tools.word.contents")

STARTING = 90.0
"""Seconds for LibreOffice to start; the first time, on a slow disk, it takes long."""
ANSWER = 120.0
"""Seconds for an answer, and …"""
ANSWER_PER_MEGABYTE = 30.0
"""… for each megabyte of the file that is opened."""
ENDING = 10.0

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".doc", ".odt"})
_PACKAGES = frozenset({".xlsx", ".xlsm", ".docx"})
_BRIDGE = Path(__file__).with_name("uno_bridge.py")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document">
<prop oor:name="LoadPrinter" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
"""Files that came from elsewhere must not call out; and the paper is the document's, not a printer's."""
_MESSAGES = {
    "no_sheet": "没有名为“{detail}”的工作表",
    "no_area": "单元格区域“{detail}”写得不对",
    "locked": "工作表受保护，无法写入。请先撤销保护",
    "wrong_password": "工作表“{detail}”的保护密码不对",
    "no_macro": "没有宏“{detail}”",
    "macros_off": "打开时没有允许运行宏，没有运行“{detail}”",
    "macro_failed": "宏运行出错：{detail}",
    "no_format": "不能保存为“{detail}”格式",
    "not_saved": "无法保存：是否正被其他程序打开，或者没有写入权限？",
    "failed": "LibreOffice 出错：{detail}",
}
INSTALL = "请安装 LibreOffice（https://zh-cn.libreoffice.org）；已经安装在别处的，用环境变量 {variable} 指明 soffice 程序的位置。"


def why_unavailable() -> str:
    """Empty if LibreOffice can be used here; else what is missing and what to do."""
    soffice = find_soffice()
    if soffice is None:
        named = os.environ.get(SOFFICE_VARIABLE)
        where = f"环境变量 {SOFFICE_VARIABLE} 指的“{named}”不是文件" if named else "这台电脑上没有找到 LibreOffice"
        return f"{where}。{INSTALL.format(variable=SOFFICE_VARIABLE)}"
    if find_uno_python(soffice) is None:
        more = "请安装软件包 python3-uno。" if sys.platform == "linux" else "请重新安装完整的 LibreOffice。"
        return f"找到了 LibreOffice（{soffice}），但没有能与它通信的 Python（uno 模块）。{more}"
    return ""


class LibreOffice:
    """An unseen LibreOffice of our own; with ``attach``, one that somebody has started and works in.

    ``attach`` is what that one was told to listen to: ``pipe,name=wbt;urp;`` for ``soffice
    --accept="pipe,name=wbt;urp;"``. It is left running.
    """

    name = "LibreOffice"
    endings = ENDINGS

    def __init__(self, attach: str = "") -> None:
        if trouble := why_unavailable():
            raise DeskError(trouble)
        self._soffice = find_soffice()
        self._attached = bool(attach)
        self.address = attach or f"pipe,name=wbt{secrets.token_hex(8)};urp;"
        """What it listens to."""
        self._office: subprocess.Popen[bytes] | None = None
        self._bridge: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()
        self._profile = ""

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what a program does ------------------------------------------------------------------------------

    def open(self, path: Path, password: str = "", *, macros: bool = False) -> LibreOfficeBook:
        """See :class:`~workbook_tools.desk.program.SpreadsheetProgram`."""
        if not path.is_file():
            raise DeskError(f"找不到文件 {path}。")
        _check_file(path, password)
        patience = ANSWER + ANSWER_PER_MEGABYTE * path.stat().st_size / 1_000_000
        try:
            number = self.ask("open", patience, url=_to_url(path), password=password, macros=macros)
        except _BridgeRefusal as exc:
            why = "密码不对" if password else "文件已损坏，或者不是表格和文档"
            raise DeskError(f"“{path}”打不开：{why}。") from exc
        return LibreOfficeBook(self, number, patience)

    def books(self) -> list[LibreOfficeBook]:
        """See :class:`~workbook_tools.desk.program.SpreadsheetProgram`."""
        return [LibreOfficeBook(self, number, ANSWER) for number in self.ask("books", ANSWER)]

    def to_pdf(self, source: Path, target: Path, password: str = "") -> None:
        """See :class:`~workbook_tools.desk.program.PdfMaker`."""
        book = self.open(source, password)
        try:
            book.recalculate()
            if source.suffix.lower() == ".docx" and contents.asks_for_update(read_file(source)):
                book.update_fields()
            book.export_pdf(target)
        finally:
            if self.running:
                book.close()

    # -- processes ----------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """It was started and has not been killed since."""
        return self._bridge is not None

    def _start(self) -> None:
        assert self._soffice is not None  # noqa: S101 - __init__ has looked
        python = find_uno_python(self._soffice)
        try:
            if not self._attached:
                self._office = self._start_office()
            self._bridge = subprocess.Popen(  # noqa: S603 - LibreOffice's own Python
                [str(python), str(_BRIDGE), self.address, str(2 if self._attached else STARTING)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env=make_bare_environment(),
                creationflags=no_window(),
            )
        except OSError as exc:
            self._kill()
            raise DeskError(f"无法启动 LibreOffice（{self._soffice}）：{os_reason(exc)}。") from None
        self._lines = queue.Queue()
        threading.Thread(target=_pump, args=(self._bridge.stdout, self._lines), daemon=True).start()
        try:
            self._reply(STARTING + ENDING)
        except DeskError:
            if self._attached:
                raise DeskError(
                    f"连接不上已经打开的 LibreOffice（{self.address}）。它要带 --accept 参数启动。"
                ) from None
            raise DeskError(f"LibreOffice（{self._soffice}）没有启动成功。请先手工打开它一次，看有无提示。") from None

    def _start_office(self) -> subprocess.Popen[bytes]:
        self._profile = tempfile.mkdtemp(prefix="wbt-libreoffice-")
        user = Path(self._profile, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        switches = ["--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"]
        place = f"-env:UserInstallation={Path(self._profile).as_uri()}"
        return subprocess.Popen(  # noqa: S603 - the LibreOffice of this computer
            [str(self._soffice), *switches, place, f"--accept={self.address}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",
            creationflags=no_window(),
        )

    def close(self) -> None:
        """End it; one that we attached to goes on."""
        if self._bridge is not None and self._bridge.stdin is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                if not self._attached:
                    self._send({"do": "end"})
                self._bridge.stdin.close()
                self._bridge.wait(ENDING)
                if self._office is not None:
                    self._office.wait(ENDING)
        self._kill()

    def _kill(self) -> None:
        for process in (self._bridge, self._office):
            if process is not None and process.poll() is None:
                _end_tree(process)
                process.wait()
        if self._bridge is not None:
            for pipe in (self._bridge.stdin, self._bridge.stdout):
                _close(pipe)
        if self._office is not None and os.name != "nt":
            _end_group(self._office.pid)  # soffice is a script: its child may have outlived it
        self._bridge = self._office = None
        if self._profile:
            shutil.rmtree(self._profile, ignore_errors=True)
            self._profile = ""

    # -- questions ----------------------------------------------------------------------------------------

    def ask(self, action: str, patience: float, **arguments: Any) -> Any:
        """One request. Raises DeskError after ``patience`` seconds, or if LibreOffice has died; then it is killed."""
        if self._bridge is None:
            raise DeskError("LibreOffice 已经结束。")
        try:
            self._send({"do": action, **arguments})
        except OSError:
            self._kill()
            raise DeskError("LibreOffice 意外退出。文件可能已损坏，请用 Excel 或 WPS 打开并另存后再试。") from None
        answer = self._reply(patience)
        if "refused" in answer:
            raise _BridgeRefusal(answer["refused"], answer["detail"])
        return answer["ok"]

    def _send(self, request: dict[str, Any]) -> None:
        assert self._bridge is not None  # noqa: S101 - the callers have looked
        assert self._bridge.stdin is not None  # noqa: S101 - it is a pipe
        self._bridge.stdin.write(json.dumps(request) + "\n")
        self._bridge.stdin.flush()

    def _reply(self, patience: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            self._kill()
            raise DeskError(f"LibreOffice 在 {patience:.0f} 秒内没有完成，已将它结束。文件是否过大或已损坏？") from None
        if not line:
            self._kill()
            raise DeskError("LibreOffice 意外退出。文件可能已损坏，请用 Excel 或 WPS 打开并另存后再试。")
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass(frozen=True, slots=True)
class LibreOfficeBook:
    """See :class:`~workbook_tools.desk.program.OpenBook`."""

    program: LibreOffice
    number: int
    patience: float

    def _ask(self, action: str, **arguments: Any) -> Any:
        try:
            return self.program.ask(action, self.patience, book=self.number, **arguments)
        except _BridgeRefusal as exc:
            raise DeskError(f"{self._place()}{_MESSAGES[exc.code].format(detail=exc.detail)}。") from None

    def _place(self) -> str:
        try:
            path = self.path
        except DeskError:
            path = None
        return f"“{path}”：" if path else ""

    @property
    def path(self) -> Path | None:
        """The file, if it is one."""
        found = self.program.ask("path", self.patience, book=self.number)
        return Path(found) if found else None

    def sheets(self) -> list[str]:
        """Names in their order."""
        return list(self._ask("sheets"))

    def recalculate(self) -> None:
        """All formulas."""
        self._ask("recalculate")

    def update_fields(self) -> None:
        """Tables of contents and other fields of a document."""
        self._ask("update_fields")

    def refresh(self) -> None:
        """Links, queries, pivot tables."""
        self._ask("refresh")

    def values(self, sheet: str, area: str) -> list[list[Value]]:
        """What the cells hold."""
        return list(self._ask("values", sheet=sheet, area=area))

    def write(self, sheet: str, cell: str, rows: Sequence[Sequence[Value]]) -> None:
        """Put values in."""
        if rows:
            self._ask("write", sheet=sheet, cell=cell, rows=[list(row) for row in rows])

    def is_protected(self, sheet: str) -> bool:
        """Whether it is locked."""
        return bool(self._ask("is_protected", sheet=sheet))

    def protect(self, sheet: str, password: str = "") -> None:
        """Lock it."""
        self._ask("protect", sheet=sheet, password=password)

    def unprotect(self, sheet: str, password: str = "") -> None:
        """Unlock it."""
        self._ask("unprotect", sheet=sheet, password=password)

    def run_macro(self, name: str, *arguments: float | str) -> Value:
        """``模块.过程``."""
        result: Value = self._ask("run_macro", name=name, arguments=list(arguments))
        return result

    def export_pdf(self, path: Path) -> None:
        """All that prints."""
        self._ask("export_pdf", url=_to_url(path))

    def save(self) -> None:
        """In place."""
        self._ask("save")

    def save_as(self, path: Path) -> None:
        """From now on it is that file."""
        self._ask("save_as", url=_to_url(path))

    def save_copy(self, path: Path) -> None:
        """It stays what it is."""
        self._ask("save_copy", url=_to_url(path))

    def close(self) -> None:
        """Without saving."""
        self._ask("close")


class _BridgeRefusal(DeskError):
    """The bridge said no; ``code`` is a key of _MESSAGES."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"LibreOffice 出错：{code} {detail}")
        self.code, self.detail = code, detail


def _to_url(path: Path) -> str:
    return path.resolve().as_uri()


def _check_file(path: Path, password: str) -> None:
    """Refuse what is damaged or has a password: LibreOffice would open the one as a page of text, and ask for the other."""
    try:
        data = read_file(path)
        if path.suffix.lower() in _PACKAGES or not data:
            Package(data)
    except UnreadableWorkbook as exc:
        if exc.code != "FILE04":
            document = exc.code == "FILE01" and path.suffix.lower() == ".docx"
            why = "不是 Word 文档，或者已损坏" if document else exc.message
            raise DeskError(f"“{path}”打不开：{why}。") from None
        if not password:
            hint = "文件有打开密码，请先去掉密码（转 PDF 时也可以用 --password 写明密码）"
            raise DeskError(f"“{path}”打不开：{hint}。") from None


def _pump(stream: IO[str] | None, lines: queue.Queue[str]) -> None:
    """Each line, and at the end an empty one."""
    try:
        for line in stream or ():
            lines.put(line)
    except (OSError, ValueError):  # closed under our hands
        pass
    lines.put("")


def _end_tree(process: subprocess.Popen[Any]) -> None:
    """Kill a process with its children."""
    if os.name == "nt":
        command = ["taskkill", "/PID", str(process.pid), "/T", "/F"]
        subprocess.run(command, capture_output=True, check=False, creationflags=no_window())  # noqa: S603
    else:
        process.kill()


def _end_group(leader: int) -> None:
    """Kill what is left of a session that we started."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _close(pipe: IO[str] | None) -> None:
    if pipe is not None:
        with suppress(OSError):
            pipe.close()
