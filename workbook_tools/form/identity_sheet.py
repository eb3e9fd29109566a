"""The hidden sheet 标识: what a workbook is, and the signed content in pieces.

It stands in the same cells in every layout version: it says which version that is.
"""

from __future__ import annotations

from workbook_tools.core.cells import Span
from workbook_tools.form.fields import Field, Layout, Role

TITLE = "标识"
PRODUCT = "workbook_tools"
_FACTS = ("id_product", "id_layout", "id_project", "id_scheme", "id_signature", "id_pieces")
PIECES = tuple(f"id_content_{number}" for number in range(1, 1000))
"""Names of the pieces of the signed content; it has as many as it needs."""
RETURN = "id_return"
"""Name of what a returned copy has besides: its mark (:mod:`workbook_tools.form.return_mark`)."""
_ROWS = {name: row for row, name in enumerate((*_FACTS, *PIECES, RETURN))}
_CHUNK = 30_000
"""Characters per cell of the signed content; a cell holds at most 32,767."""


def identity_fields(content: str, signature: str, layout: Layout) -> list[Field]:
    """The hidden sheet's fields: what the workbook is, and the signed content in pieces."""
    pieces = [content[i : i + _CHUNK] for i in range(0, len(content), _CHUNK)]
    facts: list[tuple[str, str | float]] = [
        ("工具", PRODUCT),
        ("版式", layout.version.name),
        ("项目编码", layout.project.code),
        ("评分方案", layout.scheme.id),
        ("签名", signature),
        ("段数", float(len(pieces))),
        *((f"内容{i}", piece) for i, piece in enumerate(pieces, 1)),
    ]
    names = (*_FACTS, *PIECES[: len(pieces)])
    return [
        Field(sheet=TITLE, span=identity_span(name), role=Role.FIXED, name=name, label=label, value=value)
        for name, (label, value) in zip(names, facts, strict=True)
    ]


def return_field(mark: str) -> Field:
    """The field of a returned copy's mark, as it was signed."""
    return Field(sheet=TITLE, span=identity_span(RETURN), role=Role.FIXED, name=RETURN, label="退回", value=mark)


def identity_span(name: str) -> Span:
    """Where a fact stands on the hidden sheet, for workbooks that have lost their names."""
    return Span.cell(_ROWS[name], 1)
