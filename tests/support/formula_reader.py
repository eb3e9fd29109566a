"""A formula's text, computed by other means than the tree that wrote it: as Python would read it.

Excel and Python rank ``* /``, ``+ -`` and comparisons alike and read both from the left; what differs in writing
is translated. ``IF`` computes only the branch it takes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from workbook_tools.core.values import is_number
from workbook_tools.rules.rounding import excel_round

_TOKEN = re.compile(r'("(?:[^"]|"")*")|(<>|>=|<=|=)')
_PYTHON = {"<>": "!=", "=": "=="}


class _Lazy(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        """``IF(a,b,c)`` → ``b if a else c``."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "IF":
            test, body, orelse = node.args
            return ast.IfExp(test=test, body=body, orelse=orelse)
        return node


_FUNCTIONS = {
    "ISNUMBER": is_number,
    "AND": lambda *parts: all(parts),
    "MIN": min,
    "MAX": max,
    "ROUND": lambda x, digits: excel_round(x, digits),
    "ROUNDDOWN": lambda x, digits: excel_round(x, digits, "ROUNDDOWN"),
    "ROUNDUP": lambda x, digits: excel_round(x, digits, "ROUNDUP"),
    "TRUE": True,
    "FALSE": False,
}


def calculate(formula: str, cells: Mapping[str, Any]) -> Any:
    """The value of a formula over cells (address → value); a cell that holds a text gives that text."""

    def translated(match: re.Match[str]) -> str:
        if match[1]:
            return repr(match[1][1:-1].replace('""', '"'))
        return _PYTHON.get(match[2], match[2])

    tree = _Lazy().visit(ast.parse(_TOKEN.sub(translated, formula), mode="eval"))
    code = compile(ast.fix_missing_locations(tree), formula, "eval")
    return eval(code, {"__builtins__": {}}, {**_FUNCTIONS, **cells})  # noqa: S307 - our own formulas
