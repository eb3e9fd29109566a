"""Folders with forms and 佐证材料 as units send them, for the tests of reviews."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from builders import KEY, KEYS, MET, MOF
from checking import ANSWERS, good

from workbook_tools.core.model import Material, Project
from workbook_tools.review import Review, review_folder
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.writing import build_workbook


def listing(*materials: Material, code: str = "P001", name: str = "农村道路养护经费", **changes: object) -> Project:
    """The good project, with these materials under its first indicator."""
    rows = (MET[0].model_copy(update={"materials": materials}), *MET[1:])
    return good(code=code, name=name, answers=ANSWERS.model_copy(update={"indicators": rows, **changes}))


def files(*names: str) -> tuple[Material, ...]:
    """Materials that are files of these names."""
    return tuple(Material(name=f"材料{number}", file=name) for number, name in enumerate(names, 1))


def put(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write files; folders are made."""
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def form(project: Project, scheme: Scheme = MOF) -> bytes:
    """The project's workbook."""
    return build_workbook(project, scheme, KEY)


def review(folder: Path, projects: Sequence[Project] | None = None) -> Review:
    """The folder reviewed, with or without a list."""
    return review_folder(folder, keys=KEYS, projects=projects)


def told(done: Review) -> list[tuple[str, str, str]]:
    """Code, project and cell of each finding about evidence."""
    mine = [one for one in done.result.findings if one.code.startswith("EVID")]
    return [(one.code, one.project_code, f"{one.sheet}!{one.cell}" if one.cell else "") for one in mine]


def states(done: Review) -> list[tuple[str, str]]:
    """State and listed name (or path, where it is not listed) of each row of evidence."""
    return [(row.state.value, row.file or row.name or row.path) for row in done.result.evidence]


def zipped(names: Sequence[str] | Mapping[str, bytes]) -> bytes:
    """A .zip of files with these names."""
    contents = names if isinstance(names, Mapping) else dict.fromkeys(names, b"x")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return buffer.getvalue()
