"""The built-in example: eight published reports as projects with their answers, mistakes included.

Figures, names, units and the kinds of mistake are those of the reports; the narrative texts are written anew, and the
佐证材料 are thought up.
"""

from __future__ import annotations

from importlib import resources

from workbook_tools.core.model import ProjectList


def load_example() -> ProjectList:
    """The eight projects (money in 万元, weights in 分), each with what its unit answered."""
    text = (resources.files(__package__) / "projects.json").read_text("utf-8")
    return ProjectList.model_validate_json(text)
