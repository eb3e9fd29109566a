"""The folder to unzip, tried for real: built with this computer's Python, unpacked where there is nothing but a shell and the C library.

``python tests/support/empty_root.py <folder>``, for ``.ci/run``: the demo of both years is made there, the page asked, the starter run; what the
demo wrote is then in that folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import python_archive

from workbook_tools.offline import portable
from workbook_tools.offline.interpreter import find_newer_glibc
from workbook_tools.offline.targets import NEWEST_GLIBC, TARGETS

_PLACE = "home/用户/绩效 自评"
"""A name with a blank and Chinese, as people have."""
_ASK = r"""
import re, sys, time, urllib.parse, urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
told, wanted = Path(sys.argv[1]), sys.argv[2]
browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()))
end = time.monotonic() + 120
while not (link := re.search(r"http://\S+", told.read_text("utf-8"))) and time.monotonic() < end: time.sleep(0.2)
browser.open(link[0]).read()
where = urllib.parse.urljoin(link[0], urllib.parse.parse_qs(urllib.parse.urlparse(link[0]).query)["to"][0])
while wanted not in (page := browser.open(where).read().decode("utf-8")) and time.monotonic() < end: time.sleep(0.5)
sys.exit(0 if wanted in page else "the page does not say what it should:\n" + page)
"""
"""Follow the link that the program told, as a browser would, until the page says what it should."""
_STEPS = """set -e
cd "{folder}"
./wbt --version
./wbt demo ../demo
./wbt page ../demo --no-browser >../page.txt &
page=$!
python/bin/python* -I ../ask.py ../page.txt "共 8 个项目"
kill $page
wait $page || true
cd ../demo
echo | sh "../{name}/开始.sh"
"""
DEMO = ("demo", "demo－第二年")
"""The folders of its two years."""


def build_here(folder: Path) -> Path:
    """The folder for this computer, packed. The Python in it is ours, and so of this computer's glibc; what the components ask for is looked at when it is unpacked."""
    (target,) = (one for one in TARGETS.values() if not one.is_windows and one.system[3] == os.uname().machine)
    archive = python_archive.make_archive(folder / "python.tar")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    with patch.object(portable, "NEWEST_GLIBC", 99), patch.object(portable, "_LEVEL", 0):
        return portable.build_portable(folder, target, archive, digest).path


def run_there(packed: Path, root: Path) -> tuple[str, Path]:
    """Unpack it into ``root``, which is made, and have the program do all that is in _STEPS; what it said, and where the demo lies.

    There is no Python, no PATH, no home of anybody. Raises AssertionError where a step failed, or a component asks for a later glibc.
    """
    for name in ("bin", "dev", "proc", "tmp", _PLACE):
        (root / name).mkdir(parents=True)
    shell = Path("/bin/sh").resolve()
    shutil.copy2(shell, root / "bin" / "sh")
    for library in python_archive.base_libraries(shell):
        target = root / str(library)[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library.resolve(), target)
    subprocess.run(["tar", "--extract", "--file", packed, "--directory", root / _PLACE], check=True)
    name = packed.name.removesuffix(".tar.gz")
    for packages in (root / _PLACE / name).glob("python/lib/python*/site-packages"):
        assert find_newer_glibc(packages, NEWEST_GLIBC) == {}
    (root / _PLACE / "ask.py").write_text(_ASK, "utf-8")
    (root / "steps.sh").write_text(_STEPS.format(folder=f"/{_PLACE}/{name}", name=name), "utf-8")
    command = (
        f"mount -t proc proc '{root}/proc' && mount --rbind /dev '{root}/dev' && exec chroot '{root}' /bin/sh /steps.sh"
    )
    done = subprocess.run(
        ["unshare", *(["--map-root-user"] if os.geteuid() else []), "--mount", "--pid", "--fork", "sh", "-c", command],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": f"/{_PLACE}/{name}/python/lib"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, root / _PLACE


if __name__ == "__main__":
    work = Path(sys.argv[1])
    said, place = run_there(build_here(work), work / "root")
    sys.stdout.write(said)
    for year in DEMO:
        (place / year).rename(work / year)
