"""Which tags a form asks for, wherever they stand: also where a condition does not hold today.

A tag is told by its path. ``行.项目`` inside ``{%tr for 行 in 资金 %}`` is 资金 → a row → 项目, whatever the form calls the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jinja2 import nodes

ROW = "*"
"""In a path: one of the rows."""
TagPath = tuple[str, ...]
_SAME_ROWS = frozenset({"list", "reverse", "sort", "unique"})
"""Filters that give the rows that they are given."""


def find_tag_paths(tree: nodes.Node, known: Iterable[str] = ()) -> Iterator[tuple[str, TagPath]]:
    """Each tag of a form, as the form writes it, and its path; ``known`` are names that every form has (同上)."""
    given = [name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"]
    return _walk(tree, dict.fromkeys(("loop", *known, *given), None))


def _walk(node: nodes.Node, own: Mapping[str, TagPath | None]) -> Iterator[tuple[str, TagPath]]:
    """``own`` are the names that the form itself has given: to a row, or (``None``) to what has no path."""
    if isinstance(node, nodes.For):
        yield from _walk(node.iter, own)
        rows = _rows_path(node.iter, own)
        if rows and isinstance(node.target, nodes.Name):
            own = {**own, node.target.name: (*rows, ROW)}
        for part in (*node.body, *node.else_, *filter(None, [node.test])):
            yield from _walk(part, own)
    elif path := _path(node, own):
        yield _write(node), path
    else:
        for part in node.iter_child_nodes():
            yield from _walk(part, own)


def _path(node: nodes.Node, own: Mapping[str, TagPath | None]) -> TagPath | None:
    if isinstance(node, nodes.Name):
        return own.get(node.name, (node.name,))
    if isinstance(node, nodes.Getattr) and (group := _path(node.node, own)):
        return (*group, node.attr)
    return None


def _rows_path(node: nodes.Node, own: Mapping[str, TagPath | None]) -> TagPath | None:
    """The path of the rows that a loop repeats, or some of them."""
    while isinstance(node, nodes.Filter) and node.name in _SAME_ROWS and node.node:
        node = node.node
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        node = node.node
    return _path(node, own)


def _write(node: nodes.Node) -> str:
    return f"{_write(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else str(getattr(node, "name", ""))
