"""One interpreter for who reads and who answers: nobody holds it so long that a page waits for it.

Python looks through all that is kept for rings of objects now and then, and in a campaign of 2,000 projects takes a third of a second
each time, in which nothing is answered. Here it does so when nobody is looking.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_TURN = 1
"""Milliseconds after which a thread that computes lets another one have its turn: an answer takes some twenty turns."""
_NEVER = 1_000_000_000
_QUIET = 20.0
"""Seconds without a look at any page after which nobody minds."""
_LONGEST = 300.0
"""Seconds after which it is done all the same, so that memory does not fill up."""


@dataclass(slots=True)
class Sweeper:
    """Looks through what was made since, when it is a good moment."""

    _swept: float = field(default_factory=time.monotonic)
    _whole: bool = False
    """All was looked through, and nothing has been asked for since."""

    def sweep(self, asked: float, *, busy: bool) -> None:
        """Called every second: ``asked`` is when somebody last looked at a page, ``busy`` is that a long step runs."""
        now = time.monotonic()
        if asked > self._swept:
            self._whole = False
        if not busy and not self._whole and now - asked > _QUIET:
            gc.unfreeze()
            self._collect(now)
            self._whole = True
        elif now - self._swept > (_QUIET if busy else _LONGEST) and not self._whole:
            self._collect(now)

    def _collect(self, now: float) -> None:
        """What stays is not looked through again until the next quiet moment."""
        gc.collect()
        gc.freeze()
        self._swept = now


@contextmanager
def share_interpreter() -> Iterator[Sweeper]:
    """For as long as pages are answered, the collector's long looks are the sweeper's; young objects are looked at as ever."""
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(before[0], before[1], _NEVER)
    sys.setswitchinterval(_TURN / 1000)
    try:
        yield Sweeper()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
        sys.setswitchinterval(turn)
