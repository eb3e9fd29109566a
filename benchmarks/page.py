"""How long the page takes to answer in a campaign of many projects: ``python benchmarks/page.py [--projects 2000]``.

Each page is asked for twice: as it is the first time (after a start of the program, or after a review), and again. Printed are the
milliseconds to the first byte (of a page that says that it is being read, where that takes long) and to the page, its size, and how long
the interpreter was held at most while it was read, in milliseconds of processor time: so long nobody else is answered, and that is the
same on a busy machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from builders import project
from page_visitor import PageVisitor
from result_builder import multiply, result
from result_builder import project as reviewed

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.model import ProjectList
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.page.interpreter import share_interpreter
from workbook_tools.projects import project_list_workbook
from workbook_tools.results import write_results
from workbook_tools.review import Review

PAGES = ("", "list", "issue", "inbox", "review", "project/{code}", "summary", "report", "after")


def main() -> None:
    """Make the campaign, ask for each page, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=2_000)
    count = parser.parse_args().projects
    with tempfile.TemporaryDirectory() as folder:
        code = make_campaign(Path(folder, "自评"), count)
        with share_interpreter():
            measure(PageVisitor(Path(folder), Path(folder, "自评")), code, count)


def measure(visitor: PageVisitor, code: str, count: int) -> None:
    """Ask for each page twice, and print."""
    visitor.get("/")  # what every page needs is loaded
    print(f"{count} projects: page, ms to the first byte and to the page: the first time, again; KB; held at most, ms")
    for page in PAGES:
        path = page.format(code=code)
        with watch_interpreter() as held:
            first, ready, _ = ask(visitor, path)
        soon, again, size = ask(visitor, path)
        print(
            f"{page or 'start':16} {first:7.0f} {ready:7.0f} {soon:7.0f} {again:7.0f} {size / 1000:7.0f} {max(held) * 1000:7.0f}"
        )


@contextmanager
def watch_interpreter() -> Iterator[list[float]]:
    """How much processor time passed between two looks of a thread that looks every millisecond."""
    held, over = [0.0], threading.Event()

    def look() -> None:
        last = time.process_time()
        while not over.wait(0.001):
            held.append((now := time.process_time()) - last)
            last = now

    thread = threading.Thread(target=look)
    thread.start()
    yield held
    over.set()
    thread.join()


def make_campaign(root: Path, count: int) -> str:
    """A reviewed campaign; the code of one of its projects."""
    campaign = Campaign.create(root, Settings(year=2024, authority="清河县财政局", deadline="2025年3月31日"))
    content = multiply(result([reviewed(number) for number in range(20)]), count // 20)
    rows = [project(code=row.code, name=row.name, department=row.department, unit=row.unit) for row in content.projects]
    listed = ProjectList(year=2024, scheme="mof-2020", projects=tuple(rows))
    (root / "项目清单.xlsx").write_bytes(project_list_workbook(listed, campaign.scheme()))
    campaign.open_ledger().close()
    write_results(Review(HeldParts(content), folder=campaign.folder("回收")), campaign.folder("审核"))
    for row in content.projects:
        path = campaign.folder("回收") / row.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK")
    return content.projects[0].code


def ask(visitor: PageVisitor, page: str) -> tuple[float, float, int]:
    """Milliseconds until something is there, and until the page itself is; its bytes."""
    start = time.perf_counter()
    answer = visitor.client.get(visitor.base + page)
    soon = (time.perf_counter() - start) * 1000
    if answer.status_code == 202:
        answer = visitor.get(page)
    assert answer.status_code == 200, page
    return soon, (time.perf_counter() - start) * 1000, len(answer.content)


if __name__ == "__main__":
    main()
