"""Whether a browser can be shown here, and a folder; light, so that a command can ask before it loads a server."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from workbook_tools.core.errors import OutputError

_LIBRARIES = ("starlette", "uvicorn", "python_multipart")
"""What the extra ``page`` brings."""


def has_display() -> bool:
    """Whoever starts the program here sees a browser that it opens."""
    if sys.platform == "win32":
        return True
    if os.environ.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_folder(folder: Path) -> None:
    """Open a folder in the file manager of this computer. Raises OutputError where there is none."""
    import subprocess
    import threading

    if sys.platform == "win32":
        os.startfile(folder)  # noqa: S606 - a folder that is there
        return
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None:
        raise OutputError(f"这台电脑上没有找到看文件夹的程序。请自己打开 {folder}。")
    # It may stay for as long as its window does.
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [opener, str(folder)]
    threading.Thread(target=subprocess.run, args=(command,), kwargs=quiet, daemon=True).start()


def why_unavailable() -> str:
    """Why there can be no page, as a sentence for the user; nothing where there can."""
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return '网页没有装上。请运行 pip install "workbook-tools[page]"（不能上网的电脑见 README 的离线安装），或者照旧用命令办理。'
