"""Elements of XML changed: taken out, doubled, moved, renamed, nested, with other attributes and texts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random

from interesting import choose_value
from lxml import etree

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WRAPPERS = (f"{{{_MC}}}AlternateContent", f"{{{_MC}}}Choice", f"{{{_MC}}}Fallback", "{urn:x}x")
_DEEP = 300
_MOST_COPIES = 4000
_LARGEST_COPIED = 400_000
"""Characters that copies of an element may take."""


def change_tree(root: etree._Element, random: Random) -> None:
    """One change, anywhere in the tree."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element = random.choice(elements)
    change: Callable[[etree._Element, list[etree._Element], Random], None] = random.choice(_CHANGES)
    change(element, elements, random)


def _remove(element: etree._Element, _: list[etree._Element], random: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(element: etree._Element, _: list[etree._Element], random: Random) -> None:
    if element.getparent() is not None:
        element.addnext(copy.deepcopy(element))


def _repeat(element: etree._Element, _: list[etree._Element], random: Random) -> None:
    if element.getparent() is None:
        return
    size = len(etree.tostring(element))
    for _n in range(min(random.choice((2, 10, 200, _MOST_COPIES)), _LARGEST_COPIED // size)):
        element.addnext(copy.deepcopy(element))


def _move(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    target = random.choice(elements)
    if element.getparent() is not None and element not in [target, *target.iterancestors()]:
        target.insert(random.randrange(len(target) + 1), element)


def _copy_elsewhere(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    target = random.choice(elements)
    target.insert(random.randrange(len(target) + 1), copy.deepcopy(element))


def _shuffle(element: etree._Element, _: list[etree._Element], random: Random) -> None:
    children = list(element)
    random.shuffle(children)
    element[:] = children


def _rename(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    element.tag = random.choice(
        (random.choice(elements).tag, etree.QName(element).localname, "{urn:x}" + etree.QName(element).localname)
    )


def _wrap(element: etree._Element, _: list[etree._Element], random: Random) -> None:
    parent = element.getparent()
    if parent is None:
        return
    outside = etree.Element(random.choice((*_WRAPPERS, element.tag)))
    parent.replace(element, outside)
    outside.append(element)


def _nest(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    tag = random.choice((element.tag, random.choice(elements).tag))
    for _n in range(random.choice((2, 20, _DEEP))):
        element = etree.SubElement(element, tag)


def _change_attribute(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    bearers = [other for other in elements if other.attrib]
    element = element if element.attrib or not bearers else random.choice(bearers)
    if element.attrib:
        key = random.choice(sorted(element.attrib))
        element.set(key, _choose_text(element, elements, random, key))


def _remove_attribute(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    bearers = [other for other in elements if other.attrib]
    element = element if element.attrib or not bearers else random.choice(bearers)
    if element.attrib:
        del element.attrib[random.choice(sorted(element.attrib))]


def _copy_attribute(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    other = random.choice(elements)
    for key in sorted(other.attrib)[:1]:
        element.set(key, other.get(key, ""))


def _change_text(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    written = [other for other in elements if other.text and other.text.strip()]
    element = element if element.text or not written else random.choice(written)
    element.text = _choose_text(element, elements, random, "")


def _add_between(element: etree._Element, _: list[etree._Element], random: Random) -> None:
    """Something that is no element: text, a comment, an instruction."""
    match random.randrange(4):
        case 0:
            element.insert(0, etree.Comment("x"))
        case 1:
            element.insert(0, etree.PI("x", "y"))
        case 2:
            element.tail = "夹"
        case _:
            element.text = (element.text or "") + "1"


def _choose_text(element: etree._Element, elements: list[etree._Element], random: Random, key: str) -> str:
    """A value at which readers stumble, or one that stands elsewhere in the part."""
    other = random.choice(elements)
    near = (other.get(key) if key else other.text) or ""
    text = random.choice((choose_value(random), choose_value(random), near))
    return "".join(char for char in text if char in "\t\n" or char >= " ")


_CHANGES = (
    _remove,
    _remove,
    _double,
    _repeat,
    _move,
    _copy_elsewhere,
    _shuffle,
    _rename,
    _wrap,
    _nest,
    _change_attribute,
    _change_attribute,
    _change_attribute,
    _change_attribute,
    _remove_attribute,
    _copy_attribute,
    _change_text,
    _change_text,
    _change_text,
    _add_between,
)
