"""What the tags of a form may do. Forms travel by mail: they get the values of the report, and no more of the machine than a report takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

MAX_OUTPUT = 20_000_000
"""Characters of a part; the report of a department with a thousand projects has five million."""
_FILTERS = (
    "abs", "count", "d", "default", "e", "escape", "first", "float", "groupby", "int", "join", "last", "length", "list",
    "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "safe", "select", "selectattr", "sort",
    "string", "sum", "title", "trim", "unique", "upper",
)  # fmt: skip
"""Those of Jinja's filters whose result is hardly larger than what they are given: not format, center, indent, replace."""
_PLAIN = (str, bytes, int, float, list, tuple, dict)


class FormEnvironment(SandboxedEnvironment):
    """A sandbox in which no tag can ask for gigabytes: texts are neither multiplied nor formatted, and have no methods."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Plain values have no methods here: ``'x'.ljust(…)`` is as good as ``'x' * …``."""
        return not isinstance(obj, _PLAIN) and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """``format`` is a method like the others."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Numbers may be multiplied and divided, nothing else; no power."""
        numbers = all(isinstance(side, (int, float, Undefined)) for side in (left, right))
        if operator == "**" or not numbers:
            raise SecurityError
        return super().call_binop(context, operator, left, right)


def join_output(pieces: Iterable[str]) -> str:
    """What a form prints. Raises SecurityError where it does not come to an end."""
    printed: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_OUTPUT:
            raise SecurityError
        printed.append(piece)
    return "".join(printed)
