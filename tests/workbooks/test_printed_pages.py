"""On how many pages a form is printed, as LibreOffice prints it: usual ones on one, longer ones without a lone signature."""

from __future__ import annotations

import pytest
from builders import INDICATORS, KEY, project
from office import convert_with_libreoffice, pdf_text, requires_libreoffice, requires_pdftotext

from workbook_tools.core.model import Project
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme
from workbook_tools.workbooks.writing import build_workbook

pytestmark = [requires_libreoffice, requires_pdftotext, pytest.mark.slow]

SCHEMES = tuple(sorted(builtin_schemes()))
GOAL = "完成县乡道路日常养护一百公里，处理病害一千二百处，验收合格率达到95%以上，沿线群众出行条件有效改善。"


def approved(scheme: Scheme, count: int) -> Project:
    rows = tuple(INDICATORS[i % 5].model_copy(update={"name": f"指标名称{i + 1:02d}号"}) for i in range(count))
    rows = tuple(sorted(rows, key=lambda row: [d.name for d in scheme.dimensions].index(row.dimension)))
    return project(scheme=scheme.id, indicators=rows, annual_goal=GOAL)


FORMS = {
    "12": lambda scheme: approved(scheme, 12),
    "30": lambda scheme: approved(scheme, 30),
    "open": lambda scheme: project(scheme=scheme.id, indicators=()),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[str]]:
    """Scheme and form → the texts of the pages that its 自评表 takes."""
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for name in SCHEMES:
        for kind, make in FORMS.items():
            scheme = load_scheme(name)
            paths[name, kind] = folder / f"{name}-{kind}.xlsx"
            paths[name, kind].write_bytes(build_workbook(make(scheme), scheme, KEY))
    drawn = convert_with_libreoffice([*paths.values()], folder / "pdf")
    return {
        at: form_pages(load_scheme(at[0]), pdf_text(path).split("\f")) for at, path in zip(paths, drawn, strict=True)
    }


def form_pages(scheme: Scheme, pages: list[str]) -> list[str]:
    """From the page with the year below the title to that with the last place to sign."""
    first = next(i for i, page in enumerate(pages) if "（2024年度）" in page)
    last = next(i for i, page in enumerate(pages[first:], first) if scheme.form.signatures[-1].label + "：" in page)
    return pages[first : last + 1]


@pytest.mark.parametrize("kind", ["12", "open"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_usual_form_is_one_page(pages: dict[tuple[str, str], list[str]], scheme: str, kind: str) -> None:
    assert len(pages[scheme, kind]) == 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_signature_stands_alone_on_the_last_page(pages: dict[tuple[str, str], list[str]], scheme: str) -> None:
    found = pages[scheme, "30"]
    assert len(found) == 2
    counts = [page.count("指标名称") for page in found]
    assert sum(counts) == 30
    assert min(counts) >= 5
