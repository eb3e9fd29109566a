"""The self-evaluation workbook as data: :func:`build_layout` says every field of it, sheet by sheet."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.form.layout import build_layout as build_layout
else:
    __getattr__ = load_when_asked(__name__, {"build_layout": "layout"})
