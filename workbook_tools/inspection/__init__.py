"""抽查复核: which self-evaluations finance looks at again, and what it finds there."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.inspection.form import build_form as build_form
    from workbook_tools.inspection.reading import read_returned as read_returned
    from workbook_tools.inspection.sampling import SampleRule as SampleRule
    from workbook_tools.inspection.sampling import draw_sample as draw_sample
else:
    _FACES = {"SampleRule": "sampling", "build_form": "form", "draw_sample": "sampling", "read_returned": "reading"}
    __getattr__ = load_when_asked(__name__, _FACES)
