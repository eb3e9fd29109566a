"""Where something stands in 项目清单.json: in words, and on which line."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
"""The tokens of JSON: {, "name", :, 1.5."""
_PATH = re.compile(r"\w+(\[\d+\])?(\.\w+(\[\d+\])?)*", re.ASCII)
"""projects[0].indicators[2].weight."""
_ENTRY = re.compile(r"(projects|indicators)\[(\d+)\]")
_NAMES = {"projects": "第{}个项目", "indicators": "第{}个指标"}
_WORDS = re.compile(r"第(\d+)个项目(?:“.*”)?(?:第(\d+)个指标)?", re.DOTALL)
"""第1个项目“养护”第3个指标."""


def say_json_place(cell: str, lines: Mapping[str, int]) -> str:
    """The place that a finding about a JSON list names, in words, with its line as far as :func:`list_json_lines` knows it.

    >>> say_json_place("projects[0].indicators[2].weight", {"projects[0].indicators[2].weight": 57})
    '第1个项目第3个指标（第57行）'
    >>> say_json_place("第1个项目“养路”第3个指标", {"projects[0].indicators[2]": 50})
    '第1个项目“养路”第3个指标（第50行）'
    """
    words, path = cell, cell
    if found := _WORDS.fullmatch(cell):
        path = f"projects[{int(found[1]) - 1}]" + (f".indicators[{int(found[2]) - 1}]" if found[2] else "")
    elif _PATH.fullmatch(cell):
        words = "".join(_NAMES[name].format(int(at) + 1) for name, at in _ENTRY.findall(cell))
    line = lines.get(path) or lines.get(path.rpartition(".")[0])  # what is missing stands nowhere
    return f"{words}（第{line}行）" if line else words or cell


def list_json_lines(text: str) -> dict[str, int]:
    """Path of each value (``projects[0].unit``) → its line, counted from 1; nothing where the text is no JSON.

    >>> list_json_lines('{"projects": [\\n{"unit": 1}]}')
    {'': 1, 'projects': 1, 'projects[0]': 2, 'projects[0].unit': 2}
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return {}
    starts = [found.start() for found in re.finditer("\n", text)]
    lines: dict[str, int] = {}
    path: list[str | int] = []
    is_key = False
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece in "}]":
            path.pop()
        elif piece == ",":
            is_key = isinstance(path[-1], str)
            if isinstance(path[-1], int):
                path[-1] += 1
        elif piece == ":":
            is_key = False
        else:
            if is_key:
                path[-1] = str(json.loads(piece))
            lines.setdefault(_write_path(path), bisect_right(starts, found.start()) + 1)
            if piece in "{[":
                path.append("" if piece == "{" else 0)
                is_key = piece == "{"
    return lines


def _write_path(path: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
