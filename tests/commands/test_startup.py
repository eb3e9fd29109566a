"""What a command does not need is not loaded: the small ones start at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from builders import project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.commands.main import app
from workbook_tools.commands.table import COMMANDS
from workbook_tools.core.model import ProjectList

HEAVY = {
    "alembic", "docx", "jinja2", "lxml", "multiprocessing", "numpy", "olefile", "openpyxl",
    "pandas", "pydantic", "python_calamine", "rapidfuzz", "rich", "sqlalchemy", "xlrd", "xlsxwriter",
}  # fmt: skip
LEDGER = {"pydantic", "sqlalchemy"}
"""What reads wbt.toml, the project list and the ledger."""
RUN = """
import gc, json, linecache, sys
from workbook_tools.__main__ import main
freeze, frozen = gc.freeze, []
gc.freeze = lambda: (frozen.append(gc.isenabled()), freeze())
try:
    main()
except SystemExit as end:
    code = end.code
read = [name for name in linecache.cache if "workbook_tools" in name]
assert not read, read
print(json.dumps([code, frozen, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """The libraries that a command loads; what is loaded is not looked through for what is unreachable, neither then nor at the end."""
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], cwd=cwd, capture_output=True, check=True)
    code, frozen, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stdout
    assert frozen == ([False] if arguments[0].startswith("--") else [False, True])
    return set(modules)


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_no_heavy_library(argument: str, tmp_path: Path) -> None:
    assert loaded(argument, cwd=tmp_path) & HEAVY == set()


def test_the_program_starts_no_threads_for_matrices(tmp_path: Path) -> None:
    code = RUN.replace("print(", "import numpy, psutil; print(psutil.Process().num_threads()); print(")
    bare = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=tmp_path, capture_output=True, check=True, text=True, env=bare
    )
    assert done.stdout.splitlines()[-2] == "1"


@pytest.mark.parametrize("ending", [".json", ".xlsx"])
def test_status_loads_what_reads_the_list_and_the_ledger_only(tmp_path: Path, ending: str) -> None:
    from workbook_tools.projects import project_list_workbook
    from workbook_tools.rules.scheme import load_scheme

    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024))
    listed = ProjectList(year=2024, projects=(project(),))
    data = (
        listed.model_dump_json().encode()
        if ending == ".json"
        else project_list_workbook(listed, load_scheme("mof-2020"))
    )
    campaign.project_list.with_suffix(ending).write_bytes(data)
    campaign.open_ledger().close()
    reads_a_workbook = {"lxml", "python_calamine", "multiprocessing"}  # within the budget of a file, in another process
    assert loaded("status", cwd=campaign.root) & HEAVY - reads_a_workbook == LEDGER | {"rich"}


def test_nothing_is_loaded_to_draw_workbooks_that_stand_there(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024))
    campaign.project_list.with_suffix(".json").write_text(
        ProjectList(year=2024, projects=(project(),)).model_dump_json()
    )
    assert loaded("generate", cwd=campaign.root) & HEAVY > LEDGER
    assert loaded("generate", cwd=campaign.root) & HEAVY == LEDGER


def test_reading_workbooks_of_ours_loads_nothing_that_reads_or_converts_others() -> None:
    code = "import sys, workbook_tools.commands.reviewing, workbook_tools.review.batches; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    modules = set(done.stdout.split())
    assert "workbook_tools.legacy.intake" in modules
    others = {"workbook_tools.legacy.reading", "workbook_tools.excel.handmade", "workbook_tools.desk.convert"}
    assert (
        modules & {"docx", "xlrd", "openpyxl", "pandas", "numpy", "rapidfuzz", "rich", "sqlalchemy", *others} == set()
    )


@pytest.mark.parametrize(
    ("command", "used"),
    [
        ("init 自评", {"numpy", "pydantic", "xlsxwriter", "lxml", "python_calamine"}),
        ("scheme list", {"pydantic", "rich"}),
    ],
)
def test_other_small_commands_load_no_more_than_they_use(command: str, used: set[str], tmp_path: Path) -> None:
    assert loaded(*command.split(), cwd=tmp_path) & HEAVY <= used


def test_the_help_of_all_commands_is_the_help_of_each() -> None:
    commands = typer.main.get_command(app).commands
    assert {name: command.help for name, command in commands.items()} == {
        name: entry.help for name, entry in COMMANDS.items()
    }


@pytest.mark.skipif(sys.platform != "linux", reason="an encoding without Chinese")
def test_neither_a_closed_output_nor_an_encoding_without_chinese_stops_it(tmp_path: Path) -> None:
    """A task that runs unseen; LANG=en_US on a server."""
    (tmp_path / "in").mkdir()
    bare = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    call = 'exec "$0" -m workbook_tools review in --out 审核 --year 2024 >&-'
    done = subprocess.run(["sh", "-c", call, sys.executable], cwd=tmp_path, env=bare, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert (tmp_path / "审核/审核结果.xlsx").exists()
