"""The frame that typer puts round our words (headings of the help, complaints about a command's usage), in Chinese."""

from __future__ import annotations

import re

_HEADINGS = (
    (r"(?m)^Usage: ", "用法："),
    (r"(?m)^Arguments:$", "参数："),
    (r"(?m)^Options:$", "选项："),
    (r"(?m)^Commands:$", "命令："),
    (r"\[OPTIONS\]", "[选项]"),
    (r"COMMAND \[ARGS\]\.\.\.", "命令 [参数]..."),
    (r"Show this message and exit\.", "显示用法。"),
    (r"(?m)(?<=\S) <(?:path|text|str|int|float|list\[\w+\])>", ""),
    (r"\[required\]", "[必须写]"),
    (r"\[default: \(?([^\[\](); ]*)\)?[^\]]*\]", r"[默认：\1]"),
)
_COMPLAINTS = (
    (r"Missing command\.", "没有写命令"),
    (r"No such command '(.+)'\..*", "没有命令 {}"),
    (r"No such option: (\S+)(?:\s.*)?", "没有选项 {}"),
    (r"Missing argument '?(.+?)'?\.(?: Choose from:\s*(.+))?\.*", "缺少参数“{}”，可以写：{}"),
    (r"Missing option '?(.+?)'?\.(?: Choose from:\s*(.+))?\.*", "缺少选项 {}，可以写：{}"),
    (r"Missing parameter: (.+)", "缺少参数“{}”"),
    (r"Option '?(\S+?)'? requires an argument\.", "选项 {} 后面要写内容"),
    (r"Option '?(\S+?)'? does not take a value\.", "选项 {} 后面不写内容"),
    (r"Got unexpected extra arguments? ?(?:\(s\) )?\((.+)\)", "多了内容：{}"),
    (r"Invalid value for '?(.+?)'?: (.*?) is not a valid (?:int|float|integer)\b.*", "{}应当是数字，现在是 {}"),
    (r"Invalid value for '?(.+?)'?: Input should be a valid (?:integer|number)\b.*", "{}应当是数字"),
    (r"Invalid value for '?(.+?)'?: (?:Value error, )?'(.*)' is not one of (.+?)\.*", "{}：不能是“{}”，只能是 {}"),
    (r"Invalid value for '?(.+?)'?: Input should be greater than or equal to (\S+)", "{}：不能小于 {}"),
    (r"Invalid value for '?(.+?)'?: Input should be less than or equal to (\S+)", "{}：不能大于 {}"),
    (r"Invalid value for '?(.+?)'?: (\S+) is not in the range x>=(\S+?)\.*", "{}：现在是 {}，不能小于 {}"),
    (r"Invalid value for '?(.+?)'?: (.+)", "{}：{}"),
)
"""Complaints, with what replaces them; the pieces that were found fill the braces. In the order of trial."""


def chinese_help(text: str) -> str:
    """The help of a command with its frame in Chinese."""
    for english, chinese in _HEADINGS:
        text = re.sub(english, chinese, text)
    return text


def chinese_complaint(text: str) -> str:
    """What typer says of a wrong option or argument, in Chinese; words it has not been taught stay as they are."""
    for english, chinese in _COMPLAINTS:
        if found := re.fullmatch(english, text, re.DOTALL):
            return _tidy(chinese.format(*found.groups("")))
    return text.rstrip(".")


def _tidy(complaint: str) -> str:
    """Without what was not said; what may be chosen in one line."""
    complaint = complaint.removesuffix("，可以写：")
    return re.sub(r"'?,\s*'?", "、", complaint).replace("是 '", "是 ").removesuffix("'")
