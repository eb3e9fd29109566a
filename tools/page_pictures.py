"""The pictures of the page in docs/images but that of the doubts: made anew by ``python tools/page_pictures.py``.

It needs Chromium with its driver and the package selenium; the example's own files are shown.
"""

from __future__ import annotations

import io
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from chromium import open_chromium
from pictures import IMAGES
from PIL import Image

from workbook_tools.page.serving import serve
from workbook_tools.shipped.demo import run_demo

_SIZE = (1366, 1003)
_SHOWN = (0, 0, 1351, 860)
"""Of the picture: without the bar that scrolls."""


def main() -> None:
    """Make both pictures."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        empty = scratch / "自评"
        empty.mkdir()
        with open_page(empty, scratch) as browser:
            browser.execute_script(r"document.querySelector('#make').value = 'D:\\自评\\2025年自评'")
            save(browser, "网页_开始")
        campaign = run_demo(scratch / "自评例子", datetime.now(UTC)).campaign
        with open_page(campaign.root, scratch) as browser:
            browser.find_element("xpath", "//nav/a[contains(., '审核')]").click()
            time.sleep(3)
            save(browser, "网页_审核")


@contextmanager
def open_page(start: Path, scratch: Path) -> Iterator[Any]:
    """A browser before the page that ``wbt`` opens there."""
    said: list[str] = []
    facts = (start, scratch / "config", said.append)
    threading.Thread(target=serve, args=facts, kwargs={"browse": None}, daemon=True).start()
    while len(said) < 2:
        time.sleep(0.05)
    with open_chromium(scratch / "downloads") as browser:
        browser.set_window_size(*_SIZE)
        browser.get(said[1])
        time.sleep(2)
        yield browser


def save(browser: Any, name: str) -> None:
    """What the browser shows, with few colours."""
    shown = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB").crop(_SHOWN)
    shown.quantize(96).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
