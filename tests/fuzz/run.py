"""Mutants, as many as one likes: ``python tests/fuzz/run.py --count 100000 --seed 1``.

``--keep FOLDER`` keeps those that failed as files; the record of a large run is in docs/坏文件核对.md.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from pathlib import Path

from many_mutants import MutantNumber, Tally, choose_seed, make, run_mutants


def _keep(folder: Path, item: MutantNumber) -> None:
    name, data = make(item)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{item.seed}-{item.number}-{name}").write_bytes(data)


def main() -> int:
    """Print the record; 1 where there are failures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=math.inf, help="no more are begun after so many by the clock")
    parser.add_argument("--keep", type=Path, help="the failures are kept in this folder")
    given = parser.parse_args()
    started = time.monotonic()
    told: set[MutantNumber] = set()

    def watch(tally: Tally) -> None:
        for item, failures in tally.failures.items():
            if item not in told:
                told.add(item)
                sys.stdout.write(
                    f"{item.seed}:{item.number} {choose_seed(item)[0].name}\n"
                    + "".join(f"  {text}\n" for text in failures[:3])
                )
                if given.keep:
                    _keep(given.keep, item)
        sys.stdout.flush()

    tally = run_mutants(range(given.first, given.first + given.count), given.seed, given.cores, watch, given.seconds)
    kinds = Counter(failures[0].partition(" ")[0] for failures in tally.failures.values())
    lines = [
        f"{tally.count} mutants in {time.monotonic() - started:.0f} s: {dict(tally.accepted)}, {tally.compared} compared; slowest {tally.slowest:.1f} s",
        f"of: {dict(tally.kinds.most_common())}",
        f"codes: {dict(tally.codes.most_common(30))}",
        f"failures: {dict(kinds) or 'none'}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
