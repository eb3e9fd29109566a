"""Elements of python-docx with their types: found in a tree, and new ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from docx.oxml import OxmlElement
from docx.oxml.ns import qn as _qualify
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml.etree import _Element as Element

qn = lru_cache(1 << 10)(_qualify)
"""``w:p`` → the name with its namespace, as lxml wants it; asked for with every element."""
Kind = TypeVar("Kind", bound=BaseOxmlElement)


def find_all(root: Element, tag: str, kind: type[Kind]) -> Iterator[Kind]:
    """The elements ``w:p`` and the like at any depth, from the top; the tree may be changed between them."""
    for element in list(root.iter(qn(tag))):
        if isinstance(element, kind):
            yield element


def make_element(tag: str, kind: type[Kind]) -> Kind:
    """An element that stands nowhere yet."""
    element = OxmlElement(tag)
    assert isinstance(element, kind)  # noqa: S101 - python-docx has one class for each tag
    return element


def unwrap(element: Element) -> None:
    """What is inside takes the place of the element."""
    for child in list(element):
        element.addprevious(child)
    remove(element)


def remove(element: Element) -> None:
    """With all that is inside."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
