"""The workbooks of tests/golden/issued_v1: what an office has sent out under layout version 1, and what came back.

They are kept as files, so that a later version of the program meets what it did not write itself. Running this module
makes them anew. Once version 1 has been released that is forbidden: from then on it would hide what it should show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builders import INDICATORS, KEY, KEYS, MET, answers, project
from office import recalculate_with_libreoffice

from workbook_tools.core.model import Indicator, Project
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import Issue, content_digest, write_content
from workbook_tools.form.layout import build_layout
from workbook_tools.review.result_rows import build_indicator_rows
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.workbooks.reading import Reading, read_submission
from workbook_tools.workbooks.writing import build_workbook

FOLDER = Path(__file__).parents[1] / "golden" / "issued_v1"
EXPECTED = FOLDER / "expected.json"
SCHEMES = ("mof-2020", "quwo")
NOTICE = Notice("示例县财政局", "2025年3月1日", "绩效股 0350-7654321")
FILES = tuple(
    f"{scheme}-{kind}-{state}.xlsx"
    for scheme in SCHEMES
    for kind in ("approved", "open")
    for state in ("blank", "filled")
)


def project_of(file: str) -> Project:
    """The listed project that a file belongs to: without indicators where the unit proposes them."""
    kind = file.split("-")[-2]
    return project() if kind == "approved" else project(code="P002", name="农村饮水维修", indicators=())


def read(file: str) -> Reading:
    """What the reader makes of it."""
    return read_submission(SourceFile(FOLDER / file, file), KEYS)


def outcome(reading: Reading) -> dict[str, Any]:
    """What must never change: what the reader found, and what the office's program makes of the answers."""
    assert reading.submission is not None
    [scored] = score_all([reading.submission])
    names = ("execution_score", "total_score", "grade")
    return {
        "findings": [[f.code, f"{f.sheet}!{f.cell}"] for f in reading.findings],
        "scores": [row.score for row in build_indicator_rows(scored)],
        **{name: scored.figures[name] for name in names},
    }


def answered(given: Project, scheme: Scheme) -> Project:
    """Two targets are missed, one without a reason; the others are met. A unit chooses among the scheme's categories."""
    missed = (
        MET[0].model_copy(update={"actual": 90.0, "deviation_reason": "因汛期有十公里没有养护，下一步补做。"}),
        MET[1],
        MET[2].model_copy(update={"actual": 1.8}),
        *MET[3:],
    )
    proposed = () if given.indicators else tuple(_chosen(indicator, scheme) for indicator in INDICATORS)
    return given.model_copy(update={"answers": answers(scheme, indicators=missed, proposed=proposed)})


def _chosen(indicator: Indicator, scheme: Scheme) -> Indicator:
    dimension = scheme.dimension(indicator.dimension)
    assert dimension is not None
    return indicator.model_copy(update={"category": dimension.categories[0]})


def _workbooks(folder: Path) -> Iterator[Path]:
    for file in FILES:
        scheme = load_scheme(next(name for name in SCHEMES if file.startswith(name)))
        given = project_of(file)
        path = folder / file
        issue = Issue("0123456789abcdef", 1, content_digest(write_content(build_layout(given, scheme, NOTICE))))
        sent = answered(given, scheme) if "filled" in file else given
        path.write_bytes(build_workbook(sent, scheme, KEY, NOTICE, issue=issue))
        yield path


def main() -> None:
    """Issue the blank ones; fill the others and have LibreOffice calculate and save them, as a unit's program does."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as place:
        made = list(_workbooks(Path(place)))
        saved = Path(place) / "saved"
        saved.mkdir()
        back = recalculate_with_libreoffice([path for path in made if "filled" in path.name], saved)
        for path in (*(p for p in made if "blank" in p.name), *back):
            (FOLDER / path.name).write_bytes(path.read_bytes())
    expected = {file: outcome(read(file)) for file in FILES}
    EXPECTED.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
