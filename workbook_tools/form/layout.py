"""THE LAYOUT: every field of a workbook with its cell and defined name, for each version ever issued.

The writer and the reader both walk what this module returns; neither knows an address of its own.
A version that has been sent out is never changed; a change is a new version beside it.
"""

from __future__ import annotations

from workbook_tools.core.model import Project
from workbook_tools.form import evaluation, funding, guide, narrative, status
from workbook_tools.form.fields import Layout, Notice
from workbook_tools.rules.scheme import Scheme

CURRENT_VERSION = "1"
VERSIONS = (CURRENT_VERSION,)
SHEETS = (guide.TITLE, narrative.BASICS, funding.TITLE, evaluation.TITLE, narrative.ANALYSIS, status.TITLE)
"""The tabs in their order."""


def build_layout(
    project: Project, scheme: Scheme, notice: Notice | None = None, version: str = CURRENT_VERSION
) -> Layout:
    """The layout of one project's workbook. Raises ValueError for a version that never was."""
    if version not in VERSIONS:
        raise ValueError(f"unknown layout version {version}")
    layout = Layout(version, project, scheme, notice or Notice())
    narrative.build_basics(layout)
    funding.build(layout)
    narrative.build_analysis(layout)
    evaluation.build(layout)
    status.build(layout, SHEETS)
    guide.build(layout)
    layout.sheets = {title: layout.sheets[title] for title in SHEETS}
    return layout
