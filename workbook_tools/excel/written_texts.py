"""Texts as they stand in XML, read as calamine reads them; where it is not plain how programs read one nobody else does."""

from __future__ import annotations

import re

_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#10": "\n"}
_ENTITY = re.compile("&(?:(amp|lt|gt|quot|apos|#10);)?")
_EDGES = " \t\r\n"
"""What a reader cuts off a text that does not say that it is to be kept."""


class OddText(ValueError):
    """A text is written in a way that only calamine reads: ``_x000D_``, an entity that is not one of the usual."""


def read_text(written: str) -> str:
    """The text of an element. Raises OddText."""
    if "_x" in written or "\r" in written:
        raise OddText(written)
    return _ENTITY.sub(_read_entity, written) if "&" in written else written


def _read_entity(match: re.Match[str]) -> str:
    if match[1] is None:
        raise OddText(match[0])
    return _ENTITIES[match[1]]


def trim_text(text: str, said: str) -> str:
    """The text, without blanks at its ends unless its element says that they are kept (``xml:space="preserve"``)."""
    return text if "preserve" in said else text.strip(_EDGES)
