"""The house: rooms on floors, imports that never go up, one name for one thing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from label_words import foreign_labels, labels_of
from locations import ROOT
from written_workbooks import KINDS, NOT_KEPT

import workbook_tools
from workbook_tools.rules.scheme import builtin_schemes

PACKAGE = Path(workbook_tools.__file__).parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
FLOORS = [
    ["core"],
    ["files", "rules"],
    ["form", "vba"],
    ["excel", "word"],
    ["projects", "workbooks"],
    ["legacy.words", "legacy.tables", "legacy.prose", "legacy.conversion", "legacy.showing", "legacy"],
    ["review"],
    ["results"],
    ["summary", "reports", "returns", "inspection", "followup", "exchange"],
    ["campaign"],
    ["shipped", "desk", "offline"],
    ["page"],
    ["commands"],
]
"""The rooms of each floor, in their order: a room may import those before it. docs/architecture.md says what they do."""
ORDER = [room for floor in FLOORS for room in floor]
DOORS = {
    "xlsxwriter": {"excel"},
    "openpyxl": {"excel"},
    "python_calamine": {"excel"},
    "xlrd": {"excel"},
    "xlwt": {"excel"},
    "docx": {"word"},
    "olefile": {"vba"},
    "pebble": {"review"},
    "psutil": {"review"},
    "dask": {"review"},
    "distributed": {"review"},
    "fsspec": {"files"},
    "sqlalchemy": {"campaign"},
    "alembic": {"campaign"},
    "typer": {"commands"},
    "xlwings": {"desk"},
    "starlette": {"page"},
    "uvicorn": {"page"},
}
"""Libraries, and the only rooms that know them."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(dotted: str) -> str:
    """``legacy.tables.headers`` → ``legacy.tables``; ``review.checks.fund`` → ``review``."""
    parts = dotted.split(".")
    return next((room for room in (".".join(parts[:2]), parts[0]) if room in ORDER and dotted != room), parts[0])


def module_name(path: Path) -> str:
    """Below the package: ``legacy.tables.headers``."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Dotted names of what a module imports, wherever the line stands."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
    return tuple(found)


def imported_rooms(path: Path) -> set[str]:
    own = (name.removeprefix("workbook_tools.") for name in imports(path) if name.startswith("workbook_tools."))
    return {room_of(name) for name in own} - {"__version__"}


def rooms() -> list[tuple[Path, str]]:
    """Every module that lies in a room, with the room."""
    return [(path, room_of(module_name(path))) for path in modules() if path.parent != PACKAGE]


def test_nothing_lies_flat():
    flat = {path.name for path in PACKAGE.iterdir() if path.is_file()}
    assert flat == {"__init__.py", "__main__.py", "py.typed"}


def test_every_room_stands_on_a_floor():
    assert {room for _, room in rooms()} == set(ORDER)


def test_a_room_imports_only_what_stands_before_it():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path, own in rooms()
        for room in imported_rooms(path) - {own}
        if ORDER.index(room) > ORDER.index(own)
    ]
    assert wrong == []


def test_a_room_has_no_circle_inside():
    """Modules of one room may not import each other in a ring either."""
    graph = {
        module_name(path): {
            name
            for found in imports(path)
            for name in (
                found.removeprefix("workbook_tools."),
                found.removeprefix("workbook_tools.").rpartition(".")[0],
            )
            if found.startswith("workbook_tools.") and (PACKAGE / f"{name.replace('.', '/')}.py").is_file()
        }
        for path in modules()
    }
    done: set[str] = set()

    def ring(module: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if module in way:
            return (*way[way.index(module) :], module)
        if module in done:
            return ()
        found = next((r for other in sorted(graph[module]) if (r := ring(other, (*way, module)))), ())
        done.add(module)
        return found

    assert [r for module in graph if (r := ring(module, ()))] == []


def test_a_class_name_stands_once():
    places = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(module_name(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_what_counts_as_equal_stands_in_one_table():
    """No tolerance outside core/tolerances.py: no tiny number (factors of units apart), no isclose, no round compared."""
    homes = {"core.tolerances", "rules.rounding"}  # how near a tie binary rounding may err is no question of equality
    stray = []
    for path in (path for path in modules() if module_name(path) not in homes):
        tree = ast.parse(path.read_text("utf-8"))
        factors = {id(value) for node in ast.walk(tree) if isinstance(node, ast.Dict) for value in node.values}
        for node in ast.walk(tree):
            tiny = isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value < 0.02
            if (tiny and id(node) not in factors) or _compares_by_hand(node):
                stray.append(f"{module_name(path)}:{node.lineno}")
    assert stray == []


def _compares_by_hand(node: ast.AST) -> bool:
    """``isclose``, or ``round(…)`` or ``abs(… - …)`` compared with what is no distance itself."""
    if isinstance(node, ast.ImportFrom):
        return "isclose" in {alias.name for alias in node.names}
    sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
    calls = [s for s in sides if isinstance(s, ast.Call) and isinstance(s.func, ast.Name)]
    return any(c.func.id == "round" for c in calls) or (
        [c.func.id for c in calls] == ["abs"] and isinstance(calls[0].args[0], ast.BinOp)
    )


def test_the_architecture_page_names_every_room_on_its_floor():
    text = ARCHITECTURE.read_text("utf-8")
    lines = text[text.index("| floor |") :].split("\n\n")[0].splitlines()[2:]
    shown = [re.findall(r"`([\w.]+)/`", line.strip("|").split("|")[1]) for line in lines]
    assert shown == FLOORS


def test_no_pattern_repeats_a_group_possessively():
    """``(?:…)*+`` of Python before 3.11.5 also takes what fitted of a repetition that failed; ``(?>(?:…)*)`` does not."""
    group = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9]*,?[0-9]*\})\+")
    texts = (
        (path, node.lineno, text)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(text := node.value, str | bytes)
    )
    said = [(path, line, text if isinstance(text, str) else text.decode("latin-1")) for path, line, text in texts]
    assert [(path.name, line) for path, line, text in said if group.search(text)] == []


def test_writer_and_reader_never_meet():
    """They agree because both walk the same layout."""
    readers = ("reading", "form_reading")
    pairs = [pair for reader in readers for pair in (("writing", reader), (reader, "writing"))]
    for one, other in pairs:
        assert not [name for name in imports(PACKAGE / "workbooks" / f"{one}.py") if f".workbooks.{other}" in name]


def test_every_module_that_draws_a_workbook_is_in_the_list_of_kinds():
    """What is in written_workbooks.KINDS is looked at without a calculation, measured, and recalculated."""
    doors = {"workbook_tools.excel.writing.Book", "workbook_tools.excel.loaded_book.save_book"}
    drawing = {module_name(path) for path in modules() if doors & set(imports(path)) and _calls_a_door(path)}
    assert drawing == KINDS.keys() | NOT_KEPT.keys()


def _calls_a_door(path: Path) -> bool:
    called = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return any(isinstance(door, ast.Name) and door.id in ("Book", "save_book") for door in called)


def test_judgement_is_pure():
    """Checks and scores open no file."""
    pure = [
        path
        for path, room in rooms()
        if room in {"core", "rules", "form"} or "checks" in path.parts or path.name == "scoring.py"
    ]
    for path in pure:
        calls = [n.func for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        assert "open" not in {f.id for f in calls if isinstance(f, ast.Name)}, path


def test_only_the_doors_know_the_file_formats():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {library}"
        for path, room in rooms()
        for library in {name.split(".")[0] for name in imports(path)} & set(DOORS)
        if room not in DOORS[library]
    ]
    assert wrong == []


def branches(function: ast.FunctionDef) -> int:
    """Its cyclomatic complexity: conditions, their parts, loops, filters and handled faults, plus one."""
    found = 1
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.IfExp | ast.For | ast.While | ast.ExceptHandler | ast.Assert):
            found += 1
        elif isinstance(node, ast.BoolOp):
            found += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            found += 1 + len(node.ifs)
    return found


def test_a_command_parses_calls_one_face_and_shows():
    """What takes more decisions than these belongs to a lower room."""
    functions = (
        (f"{path.stem}.{node.name}", node)
        for path, room in rooms()
        if room == "commands"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert {name: number for name, node in functions if (number := branches(node)) > 9} == {}


TALKING = ("review/checks/*.py", "workbooks/reading.py", "legacy/conversion/*.py", "form/status.py")
"""Modules that speak to people about their form."""


def literals(function: ast.AST) -> Iterator[ast.Constant]:
    """The texts in a function, but for docstrings."""
    docs = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def test_labels_that_differ_from_form_to_form_are_asked_of_the_scheme():
    """What a function says in fixed words is a label of every form, or of none."""
    everywhere = frozenset.intersection(*map(labels_of, builtin_schemes().values()))
    wrong = [
        f"{module_name(path)}:{node.lineno} {found}"
        for room in TALKING
        for path in sorted(PACKAGE.glob(room))
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in literals(function)
        if (found := foreign_labels(str(node.value), everywhere))
    ]
    assert wrong == []


def test_a_check_is_short():
    """Its rule in the docstring, and under 20 lines of code."""
    long = [
        f"{module_name(path)}.{node.name}"
        for path in PACKAGE.glob("review/checks/*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.body[0].lineno >= 20
    ]
    assert long == []
