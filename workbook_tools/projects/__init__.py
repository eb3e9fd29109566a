"""项目清单: the project list, as a workbook and as JSON → projects, and findings about the list itself."""

from workbook_tools.projects.form import project_list_workbook
from workbook_tools.projects.reading import projects_json_schema, read_projects

__all__ = ["project_list_workbook", "projects_json_schema", "read_projects"]
