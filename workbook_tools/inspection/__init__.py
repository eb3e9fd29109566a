"""抽查复核: which self-evaluations finance looks at again, and what it finds there."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.inspection.sampling import SampleRule as SampleRule
    from workbook_tools.inspection.sampling import draw_sample as draw_sample
else:
    __getattr__ = load_when_asked(__name__, {"SampleRule": "sampling", "draw_sample": "sampling"})
