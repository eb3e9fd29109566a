"""THE LAYOUT: every field of a workbook with its cell and defined name, for each version ever issued.

The writer and the reader both walk what this module returns; neither knows an address of its own, and nothing but this
module knows how versions differ. A version that has been sent out is never changed; a change is a new version beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbook_tools.core.model import Project
from workbook_tools.form import evaluation, evidence, funding, guide, narrative, status
from workbook_tools.form.fields import Layout, LayoutVersion, Notice, SheetPlan
from workbook_tools.rules.rule_set import CURRENT_RULES, RuleSet
from workbook_tools.rules.scheme import Scheme

TABS = (
    guide.TITLE,
    narrative.BASICS,
    funding.TITLE,
    evaluation.TITLE,
    narrative.ANALYSIS,
    evidence.TITLE,
    status.TITLE,
)
"""The titles of the sheets, in their order; a scheme may do without 佐证材料."""
_VERSION_1 = LayoutVersion(
    "1",
    builders={
        narrative.BASICS: narrative.build_basics,
        funding.TITLE: funding.build,
        narrative.ANALYSIS: narrative.build_analysis,
        evaluation.TITLE: evaluation.build,
        evidence.TITLE: evidence.build,
        status.TITLE: status.build,
        guide.TITLE: guide.build,
    },
    of_facts=(narrative.BASICS, funding.TITLE, narrative.ANALYSIS, guide.TITLE),
    tabs=TABS,
    rules=CURRENT_RULES,
)
NO_SHEETS: Mapping[str, SheetPlan] = {}
VERSIONS = {version.name: version for version in (_VERSION_1,)}
"""Every version that may come back."""
CURRENT_VERSION = _VERSION_1.name
"""The version that is sent out."""


def rules_of(version: str) -> RuleSet:
    """The rules in the workbooks of a version; those of the current one if none, or an unknown one, is named."""
    return VERSIONS.get(version, VERSIONS[CURRENT_VERSION]).rules


def build_layout(
    project: Project,
    scheme: Scheme,
    notice: Notice | None = None,
    version: str = "",
    ready: Mapping[str, SheetPlan] = NO_SHEETS,
) -> Layout:
    """The layout of one project's workbook, of the current version if none is named; ``ready``: sheets of it that are drawn already.

    Raises KeyError for a version that is not in :data:`VERSIONS`.
    """
    return place_fields(Layout(VERSIONS[version or CURRENT_VERSION], project, scheme, notice or Notice()), ready)


def place_fields(layout: Layout, ready: Mapping[str, SheetPlan] = NO_SHEETS) -> Layout:
    """The layout with all its fields, as the builders of its version place them; that may be one of another kind of form."""
    chosen = layout.version
    for title, build in chosen.builders.items():
        if title in ready:
            layout.take_sheet(ready[title])
        else:
            build(layout)
    layout.sheets = {title: layout.sheets[title] for title in chosen.tabs if title in layout.sheets}
    return layout
