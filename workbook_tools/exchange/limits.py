"""The lengths that another system takes, as the settings of a scheme that keep a form from holding more."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_tools.exchange.format import ExchangeFormat, RowKind

_SETTINGS: Mapping[tuple[RowKind, str], str] = {
    ("indicator", "actual_text"): "actual",
    ("indicator", "deviation_reason"): "deviation_reason",
    ("project", "deviation"): "execution_reason",
    ("indicator", "indicator"): "indicator",
    ("indicator", "target_text"): "target",
    ("project", "annual_goal"): "goal_expected",
    ("project", "goal_actual"): "goal_actual",
}
"""Rows and field of a table → the setting in ``[form.text_limits]``."""


def write_text_limits(wanted: ExchangeFormat) -> str:
    """The table ``[form.text_limits]`` of a scheme under which no text of a form is longer than the tables of this format take.

    The column of all a project's reasons is filled with several texts: none may be longer by itself, and what is too long together is told when it is exported.
    """
    most: dict[str, int] = {}
    for table in wanted.tables:
        for column in table.columns:
            setting = _SETTINGS.get((table.rows, column.field))
            if setting and column.bytes:
                most[setting] = min(column.bytes, most.get(setting, column.bytes))
    lines = ["[form.text_limits]", f"wide = {wanted.wide}"]
    lines += [f"{setting} = {most[setting]}" for setting in _SETTINGS.values() if setting in most]
    return "\n".join(lines) + "\n"
