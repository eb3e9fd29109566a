"""How the help stands in a terminal: a Chinese character takes two columns, and a line may end after any of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import typer

from workbook_tools.commands.chinese import chinese_help

_PIECE = re.compile(r"\s+|[（“《〔]*(?:[!-~]+|\S)[，。、；：）”》〕？！]*")
"""What stays on one line: a run of ASCII or one character, with the marks that may not be parted from it."""
_GAP, _WIDEST = "  ", 26
"""Between a name and what it means; a name of more columns has a line of its own."""


def measure(text: str) -> int:
    """The columns that a text takes; a mark that is wide on some terminals counts as wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most so many columns; a piece that is longer has a line of its own."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and measure(lines[-1]) + measure(piece) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


class HelpLayout(typer.Context.formatter_class):  # type: ignore[misc, valid-type]
    """typer's, but for what measures: it counts characters."""

    def write_text(self, text: str) -> None:
        """A paragraph."""
        indent = " " * self.current_indent
        for line in wrap(text, self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], *_sizes: Any, **_named: Any) -> None:
        """Names with what each means, below one another."""
        told = [(chinese_help(name), chinese_help(meaning)) for name, meaning in rows]
        column = max((width for name, _ in told if (width := measure(name)) <= _WIDEST), default=0)
        indent = " " * self.current_indent
        for name, meaning in told:
            left = name.ljust(column - measure(name) + len(name))
            if measure(name) > column:
                self.write(f"{indent}{name}\n")
                left = " " * column
            for line in wrap(meaning, self.width - self.current_indent - column - len(_GAP)):
                self.write(f"{indent}{left}{_GAP}{line}\n")
                left = " " * column


def lay_out_help(command: Any, context: Any) -> str:
    """The help of a command, in Chinese."""
    layout = HelpLayout(width=context.terminal_width, max_width=context.max_content_width)
    command.format_help(context, layout)
    return chinese_help(layout.getvalue().rstrip("\n"))


def speak_chinese(command: Any) -> Any:
    """``command`` (typer's) and all below it, with Chinese help."""
    command.get_help = lambda context: lay_out_help(command, context)
    for child in getattr(command, "commands", {}).values():
        speak_chinese(child)
    return command
