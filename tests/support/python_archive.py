"""An archive like those of python-build-standalone, of the Python that runs the tests: to try a bundle where none can be fetched.

What it needs of the system beside glibc goes along; it asks for this machine's glibc, as the real ones do not.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

_SYSTEM = re.compile(r"lib(c|m|dl|pthread|rt|util)\.so|ld-linux|linux-vdso")
_LIKE_ANY_OTHER = b"""import site, sys
site.addsitedir(f"{sys.prefix}/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages")
"""
"""Debian's Python looks for components in dist-packages alone."""
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def libraries_of(*programs: Path) -> dict[str, Path]:
    """Name → file of the shared libraries that they load, whoever's."""
    done = subprocess.run(["ldd", *programs], capture_output=True, text=True)
    return {Path(name).name: Path(path) for name, path in re.findall(r"(\S+) => (/\S+)", done.stdout)}


def base_libraries(*programs: Path) -> list[Path]:
    """What every Linux has: the C library, the loader, and the libraries of C++ that manylinux counts on."""
    loader = next(
        path for path in (Path("/lib64/ld-linux-x86-64.so.2"), Path("/lib/ld-linux-aarch64.so.1")) if path.exists()
    )
    listed = libraries_of(*programs, Path(sys.executable).resolve())
    folder = listed["libc.so.6"].parent
    names = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1")
    found = [folder / name for name in names if (folder / name).exists()]
    compiler = [path for name in ("libstdc++.so.6", "libgcc_s.so.1") for path in Path("/").glob(f"usr/lib/*/{name}")]
    return [loader, *found, *compiler]


def make_archive(path: Path) -> Path:
    """Write it to ``path``, a .tar (packed it would take longer)."""
    program = Path(sys.executable).resolve()
    library = Path(sysconfig.get_path("stdlib"))
    extensions = sorted((library / "lib-dynload").glob("*.so"))
    needed = {n: p for n, p in libraries_of(program, *extensions).items() if not _SYSTEM.match(n)}
    with tarfile.open(path, "w") as archive:
        archive.add(program, f"python/bin/python{VERSION}")
        archive.add(library, f"python/lib/python{VERSION}", filter=_leave_out)
        if "posix_local" in sysconfig.get_scheme_names():
            _add(archive, f"python/lib/python{VERSION}/sitecustomize.py", _LIKE_ANY_OTHER)
        for name, file in needed.items():
            archive.add(file.resolve(), f"python/lib/{name}")
    return path


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _leave_out(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    parts = set(Path(member.name).parts)
    unwanted = {"site-packages", "dist-packages", "sitecustomize.py", "test", "__pycache__", "tests", "idlelib"}
    return None if parts & unwanted else member
