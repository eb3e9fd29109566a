"""What is wrong with the writing of a TOML text, in plain Chinese and with its line: the standard parser says it in English."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SAID = (
    ("Expected '='", "缺少等号：每行写成“设置 = 值”"),
    ("Invalid value", "值的写法不对：文字要放在半角双引号中，数字不加引号，是/否写 true/false"),
    ("Unterminated string", "引号没有配对"),
    ("Illegal character '\\n'", "引号没有配对"),
    ("Unclosed array", "方括号没有配对，或各项之间缺少逗号"),
    ("Unclosed inline table", "花括号没有配对，或各项之间缺少逗号"),
    ("Cannot overwrite", "这个设置前面已经写过，只留一处"),
    ("Duplicate", "这个设置前面已经写过，只留一处"),
    ("Cannot declare", "这个表头（方括号里的名称）前面已经写过：把设置写到前面那一处的下面，这一行删去"),
    ("Expected newline or end of document", "值的后面有多余的文字；文字要放在半角双引号中"),
    ("Expected ']'", "表头的方括号没有配对"),
    ("Unescaped '\\'", "反斜线在双引号中要写两个"),
)
_FULL_WIDTH = re.compile(r"[“”‘’＝，［］【】｛｝＂＃]|=\s*[-+.\d]*[。．０-９]")
"""Signs of a Chinese keyboard; a full stop only within a number, as a text that lacks its quotation mark may have one too."""
_PERCENT = re.compile(r"=\s*[\d.]+\s*[%％]")
_AGAIN = "Cannot overwrite"


@dataclass(frozen=True, slots=True)
class TomlFault:
    """The first mistake of a text: only that is known."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.message}"


class MiswrittenToml(ValueError):
    """What is wrong with a file, with its line."""


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file says. Raises OSError, MiswrittenToml."""
    try:
        text = path.read_text("utf-8-sig")
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise MiswrittenToml("编码不是 UTF-8：请用记事本打开它，点“另存为”，编码选 UTF-8，存回原处") from None
    except tomllib.TOMLDecodeError as exc:
        raise MiswrittenToml(str(explain_fault(text, exc))) from None
    except (ValueError, RecursionError):
        raise MiswrittenToml("数字太长，或括号套得太多") from None


def explain_fault(text: str, fault: tomllib.TOMLDecodeError) -> TomlFault:
    """What is wrong with a text of which tomllib said this."""
    said, rows = str(fault), text.splitlines()
    at = re.search(r"at line (\d+)", said)
    number = int(at[1]) if at else _find_again(rows) if _AGAIN in said else max(1, len(rows))
    plain = next((words for start, words in _SAID if start in said), "不是有效的 TOML 写法")
    row = rows[number - 1] if number <= len(rows) else ""
    written = re.sub(r'"[^"]*"|#.*', "", row)
    if _FULL_WIDTH.search(written):
        plain = "引号、等号、逗号、小数点、数字、井号和括号要用半角（英文）的"
    elif _PERCENT.search(written):
        plain = "百分数写成小数，不写百分号：90% 写作 0.9"
    return TomlFault(number, plain)


def _find_again(rows: list[str]) -> int:
    """The line that says something once more: tomllib sees it at the end of that line, and tells no number."""
    for number in range(1, len(rows)):
        try:
            tomllib.loads("\n".join(rows[:number]))
        except tomllib.TOMLDecodeError as exc:
            if _AGAIN in str(exc):
                return number
    return max(1, len(rows))
