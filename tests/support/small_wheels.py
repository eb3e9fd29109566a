"""Wheels to try a bundle with, where the real ones would take minutes."""

from __future__ import annotations

import zipfile
from pathlib import Path


def wheel(
    folder: Path, name: str, *requires: str, tag: str = "py3-none-any", python: str = ">=3.8", content: bytes = b""
) -> Path:
    """A wheel with nothing in it, or with one library of that content."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace('-', '_')}-1.0-{tag}.whl"
    facts = f"{name.replace('-', '_')}-1.0.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", f"Requires-Python: {python}"]
    lines += [f"Requires-Dist: {r}" for r in requires] + ["Provides-Extra: excel", "Provides-Extra: fast"]
    with zipfile.ZipFile(path, "w") as archive:
        if content:
            archive.writestr(f"{name.replace('-', '_')}.so", content)
        archive.writestr(f"{facts}/METADATA", "\n".join(lines) + "\n")
        archive.writestr(f"{facts}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{facts}/RECORD", "")
    return path
