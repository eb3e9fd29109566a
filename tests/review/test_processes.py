"""The processes that read files, and the script that asks for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from builders import filled


@pytest.mark.slow
def test_a_script_that_guards_nothing_reviews_a_folder(tmp_path: Path):
    """No ``if __name__ == "__main__":`` — the processes must not run the script again."""
    filled(tmp_path)
    script = tmp_path / "脚本.py"
    script.write_text(
        "from workbook_tools import review_folder\n"
        "import sys\n"
        "print([row.code for row in review_folder(sys.argv[1]).result.projects])\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "['P001']\n"
