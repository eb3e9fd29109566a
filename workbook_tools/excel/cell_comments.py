"""批注: what people have written beside cells, of both kinds: notes, and the threads of newer programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from workbook_tools.files.package import Package, Relation

_ENDS = ":："
_KINDS = ("comments", "threadedComment")
"""Kinds of parts. A thread is kept as a note too, which only says that a newer program is needed: what is read last counts."""


def read_comments(package: Package, sheet_part: str) -> dict[str, str]:
    """Cell → what is written beside it, without the author's name above it.

    Raises UnreadableWorkbook for damaged parts.
    """
    relations = [one for one in package.relations(sheet_part) if not one.outside and one.part in package]
    return {cell: text for kind in _KINDS for cell, text in _read_parts(package, relations, kind)}


def _read_parts(package: Package, relations: Iterable[Relation], kind: str) -> Iterator[tuple[str, str]]:
    threads: dict[str, list[str]] = {}
    for relation in relations:
        if relation.kind != kind:
            continue
        root = package.tree(relation.part)
        authors = [(author.text or "").strip() for author in root.iter("{*}author")]
        for comment in root.iter("{*}comment", "{*}threadedComment"):
            text = "".join(_list_texts(comment)).strip()
            threads.setdefault(comment.get("ref", "").upper(), []).append(_drop_author(text, authors))
    yield from ((cell, "\n".join(filter(None, texts))) for cell, texts in threads.items())


def _list_texts(comment: etree._Element) -> Iterator[str]:
    """Of a note its runs, without the phonetic ones; of a thread's entry its text."""
    for element in comment.iter("{*}t", "{*}text"):
        parent = element.getparent()
        if parent is None or etree.QName(parent).localname != "rPh":
            yield element.text or ""


def _drop_author(text: str, authors: Iterable[str]) -> str:
    first, _, rest = text.partition("\n")
    return rest.strip() if first[-1:] in _ENDS and first.rstrip(_ENDS).strip() in authors else text
