"""Schemes (评分方案) by name: those that come with the package, and an office's own TOML files.

The settings are in :mod:`workbook_tools.rules.settings`; docs/评分方案.md describes them for users.
"""

from __future__ import annotations

import json
import marshal
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from workbook_tools.core.errors import SchemeError, tell_os_error
from workbook_tools.core.recent import Recent
from workbook_tools.rules.form_settings import (
    ExecutionRow,
    FormColumn,
    FormSettings,
    FundingBlock,
    FundingColumn,
    FundingRow,
    GoalsBlock,
    TextSection,
)
from workbook_tools.rules.settings import (
    AtLeast,
    AtMost,
    Cap,
    Dimension,
    Equal,
    Execution,
    Grade,
    Grading,
    OverCompletion,
    QualitativeTier,
    Rounding,
    Scheme,
    ShareBand,
    StepBand,
    StepRule,
    Total,
    Weights,
)

__all__ = [
    "DEFAULT_SCHEME",
    "AtLeast",
    "AtMost",
    "Cap",
    "Dimension",
    "Equal",
    "Execution",
    "ExecutionRow",
    "FormColumn",
    "FormSettings",
    "FundingBlock",
    "FundingColumn",
    "FundingRow",
    "GoalsBlock",
    "Grade",
    "Grading",
    "OverCompletion",
    "QualitativeTier",
    "Rounding",
    "Scheme",
    "ShareBand",
    "StepBand",
    "StepRule",
    "TextSection",
    "Total",
    "Weights",
    "builtin_schemes",
    "load_scheme",
    "parse_scheme",
    "read_scheme_text",
    "restore_scheme",
]

_BUILTIN = resources.files("workbook_tools.rules") / "schemes"
DEFAULT_SCHEME = "mof-2020"
"""Id of the scheme where none is named."""


def parse_scheme(text: str, name: str = "") -> Scheme:
    """The scheme of a TOML text; ``name`` is its file's name. Raises SchemeError with every mistake and its line."""
    from workbook_tools.rules.scheme_check import check_scheme  # most runs load no scheme but those of the package

    problems = check_scheme(text, name)
    if problems:
        told = "\n".join(f"  {problem}" for problem in problems)
        raise SchemeError(f"评分方案 {name or '评分方案'} 有 {len(problems)} 处错误：\n{told}")
    return _load(text)


def _load(text: str) -> Scheme:
    return Scheme.model_validate(tomllib.loads(text.removeprefix("\ufeff")))


def read_scheme_text(path: Path) -> str:
    """The text of a scheme file. Raises SchemeError if it cannot be read."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SchemeError(f"评分方案文件 {path.name} 不是 UTF-8 编码：请在记事本中“另存为”，编码选 UTF-8。") from None
    except OSError as exc:
        raise SchemeError(f"无法读取评分方案{tell_os_error(exc, path)}") from None


@cache
def builtin_schemes() -> dict[str, Scheme]:
    """The schemes that come with the package, by id."""
    return {name: _builtin_scheme(name) for name in _builtin_names()}


@cache
def _builtin_names() -> list[str]:
    """Their ids, which are the names of their files."""
    return sorted(file.name.removesuffix(".toml") for file in _BUILTIN.iterdir() if file.name.endswith(".toml"))


@cache
def _builtin_scheme(name: str) -> Scheme:
    """One of them; the others are not read for it. That they are without mistake is tested, and not looked at again by each run."""
    return _load((_BUILTIN / f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def _cached_scheme(path: Path, _changed: int) -> Scheme:
    """A folder's projects share their scheme: one object, so that its rules are built once."""
    return parse_scheme(read_scheme_text(path), path.name)


def load_scheme(name: str, folders: Iterable[Path] = ()) -> Scheme:
    """The scheme of that id, from the user's folders first; or from a TOML file named by its path.

    Raises SchemeError if there is none, or if the file is wrong.
    """
    path, places = Path(name), [*folders]
    for candidate in (path if path.suffix == ".toml" else None, *(folder / f"{name}.toml" for folder in places)):
        if candidate is not None and candidate.is_file():
            return _cached_scheme(candidate.resolve(), candidate.stat().st_mtime_ns)
    if name in _builtin_names():
        return _builtin_scheme(name)
    raise SchemeError(_say_missing(name, places))


def _looks_like_one(file: Path) -> bool:
    """A TOML file may be anything (wbt.toml); a scheme, right or wrong, has 一级指标."""
    try:
        return "[[dimensions]]" in file.read_text("utf-8", "replace")
    except OSError:
        return False


def _say_missing(name: str, folders: Iterable[Path]) -> str:
    own = sorted({file.stem for folder in folders for file in folder.glob("*.toml") if _looks_like_one(file)})
    there = [*own, *(one for one in _builtin_names() if one not in own)]
    close = get_close_matches(name, there, n=1)
    said = f"没有名为“{name}”的评分方案"
    return (f"{said}，是不是“{close[0]}”？" if close else f"{said}；") + f"已有：{'、'.join(there)}"


def restore_scheme(content: Mapping[str, Any]) -> Scheme:
    """The scheme of which this is the :meth:`Scheme.content`. Raises ValidationError (pydantic) if it is none."""
    try:
        key = marshal.dumps({**content}, _PLAIN)  # JSON takes ten times as long
    except ValueError:  # it holds what is no part of JSON
        return _restored(json.dumps(content, sort_keys=True))
    return _AS_READ.find(key) or _AS_READ.keep(key, _restored(json.dumps(content, sort_keys=True)))


_PLAIN = 2
"""The version of marshal in which equal contents in the same order are the same bytes."""
_AS_READ = Recent["Scheme"](50_000)


@lru_cache(maxsize=64)
def _restored(text: str) -> Scheme:
    """The workbooks and results of a campaign share their scheme: one object, so that its rules are built once."""
    return Scheme.model_validate_json(text)
