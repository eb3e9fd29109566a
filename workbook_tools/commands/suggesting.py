"""What a mistyped command or option was probably meant to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_DASHES = re.compile(r"^[-‐‑‒–—―－−]{1,4}")
_WIDE_OPTION = re.compile(r"-?[‐‑‒–—―－−][-‐‑‒–—―－−]*[a-z]{2}")
"""What Word and Chinese input methods make of the two hyphens before an option."""
_CLOSE = 0.6
_MOST = 3
_IN_CHINESE = {
    "建立": "init", "新建": "init", "模板": "templates", "生成": "generate", "下发": "generate", "打包": "pack", "导入": "import",
    "收表": "review", "审核": "review", "办一轮": "run", "说明": "explain", "退回": "return", "报送情况": "status", "状态": "status",
    "进度": "status", "催报": "status", "解锁": "unlock", "密码": "unlock", "接收": "accept", "台账": "ledger", "密钥": "key",
    "汇总": "merge", "报告": "report", "公开": "publish", "预览": "preview", "重算": "recalc", "安装包": "bundle", "演示": "demo",
    "控制台": "desk", "方案": "scheme", "草稿": "draft", "宏": "macros",
}  # fmt: skip
"""What an officer calls a command, as on the buttons of the control workbook."""


def find_wide_dash(arguments: Iterable[str]) -> str:
    """The first option that was typed with another dash than the keyboard's (a Chinese input method's, Word's); blank where there is none.
    It would be taken for a file's name."""
    return next((word for word in arguments if _WIDE_OPTION.match(word)), "")


def straighten_dash(option: str) -> str:
    """The option with the keyboard's dashes."""
    return "--" + _DASHES.sub("", option)


def suggest_command(typed: str, known: Iterable[str]) -> list[str]:
    """The likeliest of the ``known`` commands first; by its letters, or by the Chinese word for what it does."""
    known = list(known)
    plain = unicodedata.normalize("NFKC", typed).casefold()
    meant = [command for word, command in _IN_CHINESE.items() if word in plain and command in known]
    return list(dict.fromkeys(meant))[:_MOST] or _find_close(plain, known)


def suggest_option(typed: str, known: Iterable[str]) -> list[str]:
    """The likeliest of the ``known`` options (``--out``) first; any kind of dash may stand before what was typed."""
    plain = "--" + _DASHES.sub("", unicodedata.normalize("NFKC", typed)).partition("=")[0].casefold()
    return _find_close(plain, [name for name in known if name.startswith("--")])


def _find_close(typed: str, known: list[str]) -> list[str]:
    begun = [name for name in known if len(typed) > len("--") and name.startswith(typed)]
    return begun[:_MOST] or get_close_matches(typed, known, n=_MOST, cutoff=_CLOSE)


def suggest_for(fault: Any) -> str:
    """``您是不是想用 status？`` for a complaint of the command line about a name that it does not know; else nothing."""
    context = getattr(fault, "ctx", None)
    found = _list_likely(fault, context.command) if context else []
    return f"您是不是想用 {' 或 '.join(found)}？" if found else ""


def _list_likely(fault: Any, command: Any) -> list[str]:
    options = [name for item in command.params for name in item.opts]
    if option := getattr(fault, "option_name", ""):
        return suggest_option(option, options)
    message = fault.format_message()
    if unknown := re.match(r"No such command '(.+?)'\.", message):
        return suggest_command(unknown[1], getattr(command, "commands", ()))
    if extra := re.match(r"Got unexpected extra arguments?(?:\(s\))? \(([^)\s]+)", message):
        return suggest_option(extra[1], options) if _DASHES.match(extra[1]) else []
    return []
