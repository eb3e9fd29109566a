"""A real Chromium, driven as a person would: clicks and keys; and what it says of a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
AXE = os.environ.get("AXE_CORE", "")
"""Where axe.min.js of axe-core lies, which looks for what people with bad eyes or without a mouse cannot use."""
needs_chromium = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium or its driver is not installed")
SIZES = ((1366, 768), (1920, 1080))
_NARROW = (640, 320)
"""Widths: a laptop's with letters of twice the size, and what WCAG 1.4.10 asks for."""


@contextmanager
def open_chromium(downloads: Path) -> Iterator[Any]:
    """A browser without a window; what is downloaded goes into a folder."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-dev-shm-usage",
        "disable-gpu",
        "lang=zh-CN",
        "no-first-run",
    ):
        options.add_argument(f"--{argument}")
    # The browser itself looks up nothing either: every name but this computer's is unknown to it.
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield browser
    finally:
        browser.quit()


def list_complaints(browser: Any) -> list[str]:
    """What stands in the console since it was last asked."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def list_violations(browser: Any) -> list[str]:
    """What axe-core finds serious or critical on the page; nothing where it is not installed."""
    if not AXE:
        return []
    browser.execute_script(Path(AXE).read_text("utf-8"))
    found = browser.execute_async_script("const done = arguments[0]; axe.run().then(r => done(r.violations));")
    return [
        f"{item['id']}: {node['html']}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


def list_overflows(browser: Any) -> list[str]:
    """At which narrow widths one has to scroll sideways to read the page, with what is folded open; a frame within it may be wider."""
    found = []
    folded = browser.execute_script(
        "return Array.from(document.querySelectorAll('details:not([open])')).map(one => { one.open = true; return one; })"
    )
    for width in _NARROW:
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        root = "document.documentElement"
        if (over := browser.execute_script(f"return {root}.scrollWidth - {root}.clientWidth")) > 0:
            found.append(f"{width}: {over}")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_script("arguments[0].forEach(one => { one.open = false; })", folded)
    return found
