"""Whether a browser can be shown here; light, so that a command can ask before it loads a server."""

from __future__ import annotations

import importlib.util
import os
import sys

_LIBRARIES = ("starlette", "uvicorn", "python_multipart")
"""What the extra ``page`` brings."""


def has_display() -> bool:
    """Whoever starts the program here sees a browser that it opens."""
    if sys.platform == "win32":
        return True
    if os.environ.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def why_unavailable() -> str:
    """Why there can be no page, as a sentence for the user; nothing where there can."""
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return '网页没有装上。请运行 pip install "workbook-tools[page]"（不能上网的电脑见 README 的离线安装），或者照旧用命令办理。'
