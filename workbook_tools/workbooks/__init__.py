"""Our workbook, out and back: :func:`generate` writes one per project, :func:`read_submission` reads one that came back."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.workbooks.generating import Generated as Generated
    from workbook_tools.workbooks.generating import generate as generate
    from workbook_tools.workbooks.reading import Reading as Reading
    from workbook_tools.workbooks.reading import read_submission as read_submission
else:
    __getattr__ = load_when_asked(
        __name__,
        {"Generated": "generating", "generate": "generating", "Reading": "reading", "read_submission": "reading"},
    )
