"""The page in old Chromium: browsers of 银河麒麟 and 统信 UOS, and those that many offices have, are years behind.

No such browser runs here. What each feature needs is known (caniuse.com, MDN), and none is used that came after the oldest one.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import workbook_tools.page

PAGE = Path(workbook_tools.page.__file__).parent
OLDEST = 61
"""Of 2017; 使用手册 names it. ``scrollIntoView({block})`` needs it, grids of CSS need 57."""
SCRIPT = {
    r"\?\.(?!\d)": 80, r"\?\?": 80, r"\|\|=|&&=": 85, r"\bcatch\s*\{": 66, r"\bfor await\b": 63, r"\(\?<[=!]": 62, r"\(\?<\w": 64, r"\\p\{": 64,
    r"\d_\d": 75, r"\d+n\b": 67, r"#\w+\s*[=(;]": 74, r"\bimport\s*\(|\bimport\s+\w|\bexport\s": 63,
    r"\.flat\(|\.flatMap\(": 69, r"\.replaceAll\(": 85, r"\.matchAll\(": 73, r"fromEntries": 73, r"\.at\(": 92, r"\.finally\(": 63,
    r"\.toSorted\(|\.toReversed\(|\.with\(": 110, r"\.findLast": 97, r"\bstructuredClone\b": 98, r"\bglobalThis\b": 71,
    r"\bqueueMicrotask\b": 71, r"\.replaceChildren\(": 86, r"\.toggleAttribute\(": 69, r"\bAbortController\b": 66,
    r"\bResizeObserver\b": 64, r"\.trimStart\(|\.trimEnd\(": 66, r"\.submitter\b": 81, r"\.requestSubmit\(": 76,
    r"navigator\.clipboard": 66, r"startViewTransition": 111,
}  # fmt: skip
"""Feature of the language or of the browser → the Chromium that first had it."""
STYLE = {
    r":has\(": 105, r":is\(|:where\(": 88, r":not\([^)]*,": 88, r":focus-visible": 86, r"(?<![\w-])gap\s*:": 84, r"(?<![\w-])inset\s*:": 87,
    r"aspect-ratio": 88, r"\bclamp\(|(?<!\w)min\(|(?<!\w)max\(": 79, r"@layer": 99, r"@container": 105, r"content-visibility": 85,
    r"(?:margin|padding|inset)-(?:inline|block)": 87, r"accent-color": 93, r"color-mix|oklch": 111, r"display:\s*contents": 65,
    r"\d(?:dvh|svh|lvh)": 108, r"text-wrap": 114, r"^\s*&": 112, r"scrollbar-gutter": 94,
}  # fmt: skip
MARKUP = {r"\spopover": 114, r"\sinert[\s>]": 102, r'loading="lazy"': 77, r"<search": 118}


def list_newer(text: str, features: dict[str, int]) -> Iterator[int]:
    """Of what is used and the oldest one does not know, the Chromium that does."""
    return (since for pattern, since in features.items() if re.search(pattern, text, re.MULTILINE))


def read_script(name: str) -> str:
    return strip((PAGE / "static" / name).read_text("utf-8"))


def strip(script: str) -> str:
    """Without texts and remarks."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*[\s\S]*?\*/|//[^\n]*', '""', script)


def test_own_script_and_styles_are_known_to_the_oldest_browser() -> None:
    assert min((*SCRIPT.values(), *STYLE.values(), *MARKUP.values())) > OLDEST
    assert list(list_newer(read_script("page.js"), SCRIPT)) == []
    assert list(list_newer((PAGE / "static/page.css").read_text("utf-8"), STYLE)) == []
    for path in (PAGE / "templates").glob("*.html"):
        assert list(list_newer(path.read_text("utf-8"), MARKUP)) == [], path.name


@pytest.mark.parametrize(
    ("script", "since"),
    [("a?.b", [80]), ("try {} catch {}", [66]), ("a.replaceAll(b, c)", [85]), ("a ? .5 : '?.'", [])],
)
def test_what_is_newer_is_found(script: str, since: list[int]) -> None:
    assert list(list_newer(strip(script), SCRIPT)) == since


def test_where_htmx_is_too_new_the_page_of_a_step_still_goes_on() -> None:
    """Its script is not understood there, and nothing of it runs: what it does, page.js does without it (test_page_browser tries it)."""
    assert list(list_newer(read_script("htmx.min.js"), SCRIPT)) != []
    using = [path.name for path in (PAGE / "templates").glob("*.html") if "hx-" in path.read_text("utf-8")]
    assert using == ["job_part.html"] and "!window.htmx" in read_script("page.js")
