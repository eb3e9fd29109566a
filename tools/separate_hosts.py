"""A trial of several computers: an office, a scheduler and two workers, each with a network, a host name and folders of its own, TLS between them;
one is unplugged while it works. Needs Linux and root: the computers are namespaces of this one, so they share its processor.

    python tools/separate_hosts.py /tmp/分开 --workbooks 600 --unplug 电脑2
    python tools/separate_hosts.py /tmp/分开 --workbooks 600 --unplug 办公室

Prints when how much was done, the longest wait, and whether the result is this computer's own, byte for byte.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.campaign.settings import ClusterSettings
from workbook_tools.campaign.worker_choice import open_workers
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import ProjectList
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

ROOT = Path(__file__).resolve().parents[1]
COMPUTERS = ("办公室", "调度器", "电脑1", "电脑2")
"""Each gets an address in a network that exists in their namespaces alone."""
SWITCH = "wbt-switch"
ADDRESS = "tls://10.77.0.12:8786"
CERTIFICATES = ["--tls-ca-file", "cert.pem", "--tls-cert", "cert.pem", "--tls-key", "key.pem"]
NOW = datetime(2022, 3, 1, tzinfo=UTC)


def run(command: str) -> None:
    """One that must succeed."""
    subprocess.run(shlex.split(command), check=True)


@contextmanager
def open_network() -> Iterator[None]:
    """A switch, and a cable from it to each computer: cable N ends in namespace wbt-N."""
    spaces = [SWITCH, *(f"wbt-{number}" for number in range(len(COMPUTERS)))]
    try:
        for space in spaces:
            run(f"ip netns add {space}")
        run(f"ip -n {SWITCH} link add bridge type bridge")
        run(f"ip -n {SWITCH} addr add 10.77.0.1/24 dev bridge")
        run(f"ip -n {SWITCH} link set bridge up")
        for number, space in enumerate(spaces[1:]):
            run(f"ip -n {SWITCH} link add cable{number} type veth peer name plug netns {space}")
            run(f"ip -n {SWITCH} link set cable{number} master bridge up")
            run(f"ip -n {space} addr add 10.77.0.{11 + number}/24 dev plug")
            for link in ("lo", "plug"):
                run(f"ip -n {space} link set {link} up")
            run(f"ip -n {space} route add default via 10.77.0.1")  # leads nowhere
        yield
    finally:
        for space in spaces:
            subprocess.run(["ip", "netns", "del", space], check=False)


def start(number: int, place: Path, command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A program on a computer, in its folder; of the folders of the others it sees nothing."""
    own = place / COMPUTERS[number]
    hide = "; ".join(
        f"mount -t tmpfs none {shlex.quote(str(place / other))}" for other in COMPUTERS if other != COMPUTERS[number]
    )
    script = f"hostname pc{number}; {hide}; cd {shlex.quote(str(own))}; exec {shlex.join(command)}"
    inside = ["ip", "netns", "exec", f"wbt-{number}", "unshare", "--uts", "--mount", "sh", "-c", script]
    log = (own / "记录.txt").open("ab")
    return subprocess.Popen(inside, stdout=log, stderr=log)


def begin_folder(root: Path, workbooks: int) -> Campaign:
    """A working folder to which so many filled workbooks have come back."""
    cluster = ClusterSettings(dask=ADDRESS, tls=str(root.parent))
    campaign = Campaign.create(root, Settings(year=2021, authority="示例县财政局", scheme="quwo", cluster=cluster))
    given = [project for project in load_example().projects if project.year == 2021]
    projects = [
        given[number % len(given)].model_copy(update={"code": f"P{number:05}", "name": f"第{number}个项目"})
        for number in range(workbooks)
    ]
    listed = ProjectList(year=2021, projects=tuple(p.model_copy(update={"answers": None}) for p in projects))
    campaign.project_list.with_suffix(".json").write_text(listed.model_dump_json(), "utf-8")
    generate(projects, campaign.folder("回收"), campaign.signing_key(), campaign.notice, prefill=True)
    return campaign


def review(root: Path, *, here: bool) -> None:
    """As ``wbt review``, saying when how much was done."""
    campaign, begun = Campaign.open(root), time.monotonic()
    try:
        with open_workers(campaign, 2 if here else 0) as hands:
            review_inbox(
                campaign,
                campaign.folder("回收"),
                campaign.known_keys(),
                NOW,
                out=campaign.folder("审核"),
                workers=hands,
                fresh=True,
                watch=lambda done, _: print(f"{time.monotonic() - begun:.1f} {done}", flush=True),
            )
    except SettingsError as exc:
        print(f"{time.monotonic() - begun:.1f} 停止：{exc}", flush=True)


def try_out(place: Path, workbooks: int, unplugged: str) -> None:
    """The trial."""
    office = place / COMPUTERS[0]
    for name in COMPUTERS:
        (place / name).mkdir(parents=True, exist_ok=True)
    root = office / "自评2021"
    begin_folder(root, workbooks)
    page = (ROOT / "docs" / "大规模.md").read_text("utf-8")
    openssl = next(line for line in page.splitlines() if line.startswith("$ openssl "))
    subprocess.run(shlex.split(openssl.removeprefix("$ ")), cwd=office, check=True, capture_output=True)
    for name in COMPUTERS[1:]:
        for file in ("cert.pem", "key.pem"):
            (place / name / file).write_bytes((office / file).read_bytes())
    review(root, here=True)
    result = root / "审核" / "审核结果.json"
    expected = result.read_bytes()
    result.unlink()
    with ExitStack() as stack:
        stack.enter_context(open_network())
        scheduler = ["dask", "scheduler", "--protocol", "tls", *CERTIFICATES]
        worker = ["dask", "worker", ADDRESS, "--nthreads", "1", "--no-nanny", *CERTIFICATES]
        started = [start(1, place, scheduler), start(2, place, worker), start(3, place, worker)]
        for one in started:
            stack.callback(one.wait)
            stack.callback(one.terminate)
        driver = start(0, place, [sys.executable, str(Path(__file__).resolve()), str(root), "--review"])
        stack.callback(driver.kill)
        cut = _watch(driver, office / "记录.txt", workbooks, unplugged)
        made = result.read_bytes() if result.is_file() else b""
        print(
            f"拔掉网线：{cut:.1f} 秒。结果{'与本机的一样' if made == expected else '与本机的不一样' if made else '没有写出'}。"
        )
        print("工作进程还在：", [name for name, one in zip(COMPUTERS[1:], started, strict=True) if one.poll() is None])


def _watch(driver: subprocess.Popen[bytes], said: Path, workbooks: int, unplugged: str) -> float:
    """Unplug a computer when a quarter is done; what the driver said. Gives the second in which that was."""
    cut = 0.0
    while driver.poll() is None:
        time.sleep(0.2)
        lines = [line.split() for line in said.read_text("utf-8").splitlines() if line[:1].isdigit()]
        if unplugged and not cut and lines and lines[-1][1].isdigit() and int(lines[-1][1]) >= workbooks // 4:
            run(f"ip -n {SWITCH} link set cable{COMPUTERS.index(unplugged)} down")
            cut = float(lines[-1][0])
    print(said.read_text("utf-8"))
    times = [float(line.split()[0]) for line in said.read_text("utf-8").splitlines() if line[:1].isdigit()]
    waits = [(later - before, before) for before, later in pairwise(times)]
    print("最长的等待：{:.1f} 秒，从 {:.1f} 秒起".format(*max(waits)))
    return cut


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path)
    parser.add_argument("--workbooks", type=int, default=600)
    parser.add_argument("--unplug", default="", choices=["", *COMPUTERS])
    parser.add_argument("--review", action="store_true", help="what runs on the computer of the office")
    options = parser.parse_args()
    if options.review:
        review(options.place, here=False)
    else:
        try_out(options.place.resolve(), options.workbooks, options.unplug)


if __name__ == "__main__":
    main()
