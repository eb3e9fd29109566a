"""The ways into the rooms are importable from the room, and asking for a room loads nothing that is heavy."""

import subprocess
import sys

import pytest

HEAVY = ("xlsxwriter", "python_calamine", "pandas", "numpy", "openpyxl", "lxml", "pydantic")


@pytest.mark.parametrize(
    ("room", "names"),
    [
        ("workbooks", ("generate", "read_submission")),
        ("projects", ("read_projects", "project_list_workbook")),
        ("form", ("build_layout",)),
    ],
)
def test_a_room_shows_its_face_and_loads_it_when_asked(room, names):
    program = f"""
import sys
import workbook_tools.{room} as room
loaded = [name for name in {HEAVY!r} if name in sys.modules]
from workbook_tools.{room} import {", ".join(names)}
print(loaded, all(map(callable, ({", ".join(names)},))), hasattr(room, "nothing"))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True False"
