"""项目清单: the project list, as a workbook and as JSON → projects, and findings about the list itself."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.projects.reading import projects_json_schema as projects_json_schema
    from workbook_tools.projects.reading import read_projects as read_projects
    from workbook_tools.projects.writing import project_list_workbook as project_list_workbook
else:
    __getattr__ = load_when_asked(
        __name__,
        {"project_list_workbook": "writing", "projects_json_schema": "reading", "read_projects": "reading"},
    )
