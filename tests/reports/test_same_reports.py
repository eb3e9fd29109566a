"""A form that is opened once fills like one that is opened for every report: all kinds of reports are the same to the last byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
from result_builder import HOSTILE, hostile, pending, project, result, under, unscored

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports import write_reports
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.word.contents import fill_contents
from workbook_tools.word.finishing import finish
from workbook_tools.word.package import write_document, write_entries
from workbook_tools.word.rendering import ReportForm

KINDS = [under(scheme, project(number)) for number, scheme in enumerate(builtin_schemes().values())]
RESULTS = {
    "every scheme": lambda: result([*KINDS, *map(project, range(30, 34)), unscored(70), pending(71)]),
    "hostile": lambda: result([hostile(text, number) for number, text in enumerate(HOSTILE)]),
}


def render_plainly(self: ReportForm, values: Mapping[str, object]) -> bytes:
    """The whole document opened and written by python-docx for each report."""
    texts = {name: self._print(*template, values).encode() for name, template in self._templates.items()}
    entries = {**self._blank._entries, **texts}
    document = docx.Document(io.BytesIO(write_entries(entries, zipfile.ZIP_STORED)))
    for part in list(document.part.package.iter_parts()):
        if part.partname.membername in texts:
            finish(part)  # type: ignore[arg-type]
    fill_contents(document, self._levels)
    return write_document(document)


def write(content: ReviewResult, folder: Path) -> dict[str, bytes]:
    """Twice over: a report must not show in the next one."""
    looks = {
        "正式": ReportAppearance(),
        "红头": ReportAppearance(cover=True, contents=False, red_head="某县财政局文件"),
    }
    found = {}
    for name in ("正式", "红头", "正式"):
        write_reports(content, folder / name, look=looks[name])
        found |= {str(path.relative_to(folder)): path.read_bytes() for path in sorted((folder / name).rglob("*.docx"))}
    return found


@pytest.mark.parametrize("name", RESULTS)
def test_reports_are_the_same_as_from_forms_opened_anew(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = RESULTS[name]()
    ours = write(content, tmp_path / "一")
    monkeypatch.setattr(ReportForm, "render", render_plainly)
    plain = write(content, tmp_path / "二")
    assert len(ours) > 2 * len(content.projects)
    assert [path for path in ours if ours[path] != plain[path]] == []
