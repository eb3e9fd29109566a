"""The tags of a report form (报告模板): of each, what a form writes, what it means, and what it prints.

A report has one table of them. It makes the values of the report, lists them on the page 报告模板, and is what a form
that an office has changed is checked against. A tag stands for a value (总分), for a group of values (合计.全年预算资金), or
for rows to repeat (资金), whose own tags stand in the row (行.项目).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from workbook_tools.word.tag_paths import ROW, TagPath
from workbook_tools.word.text import TagGroup

Facts_ = TypeVar("Facts_")
"""What a report is made from."""
Row_ = TypeVar("Row_")
"""What one row of it is made from."""


@dataclass(frozen=True, slots=True)
class FormTag(Generic[Facts_]):
    """A tag that stands for one value; :func:`group_tag`, :func:`keyed_tag` and :func:`rows_tag` make the others."""

    name: str
    meaning: str
    """In Chinese, for whoever changes a form."""
    value: Callable[[Facts_], object]
    part: str = ""
    """The usual part of the report that it prints; a form that prints no tag of the part leaves it out."""
    inner: tuple[FormTag[Any], ...] = ()
    """The tags of the group, or of each row."""
    row: str = ""
    """What the forms call a row, if there are rows to repeat."""
    keyed: bool = False
    """A key of the scheme stands after the dot (正文.overview)."""


def fill_tags(tags: Iterable[FormTag[Facts_]], facts: Facts_) -> dict[str, object]:
    """What each of the tags prints."""
    return {tag.name: tag.value(facts) for tag in tags}


def group_tag(name: str, meaning: str, inner: tuple[FormTag[Facts_], ...], *, part: str = "") -> FormTag[Facts_]:
    """A tag for a group of values: ``合计.全年预算资金``."""
    return FormTag(name, meaning, lambda facts: TagGroup(name, fill_tags(inner, facts)), part, inner)


def keyed_tag(
    name: str, meaning: str, values: Callable[[Facts_], Mapping[str, object]], *, part: str = ""
) -> FormTag[Facts_]:
    """A tag for a group of values whose names are keys of the scheme: ``正文.overview``."""
    return FormTag(name, meaning, lambda facts: TagGroup(name, dict(values(facts))), part, keyed=True)


def rows_tag(
    name: str,
    meaning: str,
    rows: Callable[[Facts_], Iterable[Row_]],
    inner: tuple[FormTag[Row_], ...],
    *,
    part: str = "",
    row: str = "行",
) -> FormTag[Facts_]:
    """A tag for rows to repeat: ``{%tr for 行 in 资金 %}``, with ``行.项目`` in them."""
    return FormTag(name, meaning, lambda facts: fill_rows(rows(facts), inner, row), part, inner, row)


def fill_rows(rows: Iterable[Row_], inner: tuple[FormTag[Row_], ...], row: str = "行") -> list[TagGroup]:
    """What the tags in each of the rows print."""
    return [TagGroup(row, fill_tags(inner, facts)) for facts in rows]


def knows_path(tags: Mapping[str, FormTag[Any]], path: TagPath) -> bool:
    """There is such a tag among these. Keys of a scheme are not looked up: every scheme has its own."""
    name, *rest = path
    tag = tags.get(name)
    if tag is None or not rest:
        return tag is not None
    if tag.keyed:
        rest = rest[1:]
    if rest and tag.row:
        if rest[0] != ROW:
            return False
        rest = rest[1:]
    return not rest or knows_path({tag.name: tag for tag in tag.inner}, tuple(rest))
