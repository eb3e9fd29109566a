"""The computers that a bundle can be made for: what pip calls them, and what conditions of requirements see there."""

from __future__ import annotations

from dataclasses import dataclass

NEWEST_GLIBC = 27
"""Linux desktops in offices (银河麒麟 V10, 统信 UOS 20) have glibc 2.28 and later; nothing may ask for more than 2.27."""
_OLDEST_GLIBC = 17
_ELF, _PE = b"\x7fELF", b"MZ"


@dataclass(frozen=True, slots=True)
class TargetComputer:
    """A kind of computer."""

    name: str
    title: str
    """For people."""
    platforms: tuple[str, ...]
    """The wheels that run there, by the platform in their names; the best first."""
    system: tuple[str, str, str, str]
    """``os_name``, ``sys_platform``, ``platform_system`` and ``platform_machine`` of the conditions of requirements."""
    machine: int
    """The processor's number in the header of a program."""

    @property
    def is_windows(self) -> bool:
        """Else Linux."""
        return self.system[0] == "nt"

    def describe(self, version: str) -> dict[str, str]:
        """What conditions see there with that Python (``3.12``)."""
        os_name, sys_platform, system, machine = self.system
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{version}.0",
            "os_name": os_name,
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_release": "10" if self.is_windows else "4.19",
            "platform_system": system,
            "platform_version": "10.0.19045" if self.is_windows else "#1 SMP",
            "python_full_version": f"{version}.0",
            "python_version": version,
            "sys_platform": sys_platform,
        }

    def runs(self, program: bytes) -> bool:
        """The first bytes of a program file are those of a program for this computer."""
        if self.is_windows:
            header = int.from_bytes(program[0x3C:0x40], "little")
            found = program[header : header + 4] == b"PE\0\0", program[header + 4 : header + 6]
            return program.startswith(_PE) and found == (True, self.machine.to_bytes(2, "little"))
        return program.startswith(_ELF) and program[18:20] == self.machine.to_bytes(2, "little")


def _linux_platforms(machine: str, *before: str) -> tuple[str, ...]:
    numbered = (f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, _OLDEST_GLIBC - 1, -1))
    return (*numbered, f"manylinux2014_{machine}", *(f"{name}_{machine}" for name in before))


WINDOWS = TargetComputer("windows-x64", "64 位 Windows", ("win_amd64",), ("nt", "win32", "Windows", "AMD64"), 0x8664)
_LINUX = ("posix", "linux", "Linux")
_TARGETS = (
    WINDOWS,
    TargetComputer(
        "linux-x64",
        "64 位 Linux（x86：兆芯、海光、英特尔）",
        _linux_platforms("x86_64", "manylinux_2_12", "manylinux2010", "manylinux_2_5", "manylinux1"),
        (*_LINUX, "x86_64"),
        0x3E,
    ),
    TargetComputer(
        "linux-arm64", "64 位 Linux（ARM：鲲鹏、飞腾）", _linux_platforms("aarch64"), (*_LINUX, "aarch64"), 0xB7
    ),
)
TARGETS = {target.name: target for target in _TARGETS}
