"""The rooms of the house: a module imports only from its own or a lower floor."""

import ast
import re
from pathlib import Path

import workbook_tools

PACKAGE = Path(workbook_tools.__file__).parent
ARCHITECTURE = Path(__file__).resolve().parent.parent / "docs" / "architecture.md"
FLOORS = [
    ["errors", "findings", "model", "values", "results", "paths", "rules", "form"],
    ["excel", "word", "charts", "vba"],
    ["sources", "projects", "buttons", "template", "submission", "legacy"],
    ["scoring", "checks", "assembly"],
    [
        "example", "blanks", "review", "judgement", "summary",
        "report_figures", "losses", "wording", "drafts", "acceptance", "department_report", "report", "form_check",
        "returns",
    ],
    ["workers", "pipeline", "campaign", "ledger", "demo", "preview"],
    ["desk", "commands", "cli", "docs", "__main__"],
]  # fmt: skip
"""The rooms of each floor, in their order: a room may import those before it. docs/architecture.md says what they do."""
ORDER = [room for floor in FLOORS for room in floor]


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
    assert {room_of(p) for p in modules()} == set(ORDER)


def test_a_room_imports_only_what_stands_before_it():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in modules()
        for room in imported_rooms(path) - {room_of(path)}
        if ORDER.index(room) > ORDER.index(room_of(path))
    ]
    assert wrong == []


def test_the_architecture_page_names_every_room_on_its_floor():
    text = ARCHITECTURE.read_text("utf-8")
    lines = text[text.index("| floor |") :].split("\n\n")[0].splitlines()[2:]
    shown: dict[int, list[str]] = {}
    floor = 0
    for number, rooms, *_ in (line.strip("|").split("|") for line in lines):
        floor = int(number.split()[0]) if number.strip() else floor
        shown.setdefault(floor, []).extend(room.strip("/") for room in re.findall(r"`(\w+/?)`", rooms))
    assert {n: sorted(rooms) for n, rooms in shown.items()} == {
        n: sorted(room for room in rooms if room != "__main__") for n, rooms in enumerate(FLOORS)
    }


def test_writer_and_reader_never_meet():
    """They agree because both walk the same layout."""
    assert "submission" not in imported_rooms(PACKAGE / "template.py")
    assert "template" not in imported_rooms(PACKAGE / "submission.py")


def test_judgement_is_pure():
    """Checks and scores open no file."""
    for path in modules():
        if room_of(path) in {"scoring", "checks", "assembly", *FLOORS[0]} - {"paths"}:
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
