"""The rooms of the house: a module imports only from its own or a lower floor."""

import ast
from pathlib import Path

import workbook_tools

PACKAGE = Path(workbook_tools.__file__).parent
FLOORS: list[set[str]] = [
    {"errors", "findings", "model", "values", "results", "paths", "rules", "form"},
    {"excel", "word", "charts", "vba"},
    {"sources", "projects", "buttons", "template", "submission", "legacy"},
    {"scoring", "checks", "assembly"},
    {
        "returns",
        "review",
        "judgement",
        "summary",
        "report",
        "report_figures",
        "department_report",
        "losses",
        "drafts",
        "wording",
        "acceptance",
        "form_check",
        "blanks",
        "example",
    },
    {"ledger", "workers", "pipeline", "campaign", "demo", "preview"},
    {"commands", "cli", "desk", "docs", "__main__"},
]
GROUND = ["errors", "findings", "model", "values", "results", "paths", "rules", "form"]
"""The ground floor is ordered: each may import those before it."""
EXAMPLE = {"example"}
"""Data only; it stands with the results, and imports the model."""


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("workbook_tools"):
            parts = node.module.split(".")
            rooms |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            rooms |= {a.name.split(".")[1] for a in node.names if a.name.startswith("workbook_tools.")}
    return rooms - {"__version__"}


def modules() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if room_of(p) != "__init__"]


def test_every_room_stands_on_a_floor():
    assert {room_of(p) for p in modules()} <= set().union(*FLOORS)


def test_no_import_goes_up():
    upwards = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in modules()
        for room in imported_rooms(path)
        if floor_of(room) > floor_of(room_of(path))
    ]
    assert upwards == []


def test_the_ground_floor_imports_only_what_stands_before_it():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in modules()
        if room_of(path) in GROUND
        for room in imported_rooms(path) & set(GROUND)
        if GROUND.index(room) > GROUND.index(room_of(path))
    ]
    assert wrong == []


def test_writer_and_reader_never_meet():
    """They agree because both walk the same layout."""
    assert "submission" not in imported_rooms(PACKAGE / "template.py")
    assert "template" not in imported_rooms(PACKAGE / "submission.py")


def test_judgement_is_pure():
    """Checks and scores open no file."""
    for path in modules():
        if room_of(path) in {"scoring", "checks", "assembly", *GROUND} - {"paths"}:
            calls = [n.func for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
            assert "open" not in {f.id for f in calls if isinstance(f, ast.Name)}, path


def test_only_the_doors_know_the_file_formats():
    doors = {
        "xlsxwriter": {"excel"},
        "openpyxl": {"excel"},
        "python_calamine": {"excel"},
        "xlrd": {"excel"},
        "docx": {"word"},
        "docxtpl": {"word"},
        "matplotlib": {"charts"},
        "olefile": {"vba"},
    }
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                library = name.split(".")[0]
                if library in doors:
                    assert room_of(path) in doors[library], f"{path.name} imports {library}"
