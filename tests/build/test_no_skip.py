"""HQUANT_NO_SKIP=1 turns a skip into a failure, wherever the skip is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "in a test": "import pytest\ndef test_it(): pytest.skip('no tool')\n",
    "by a mark": "import pytest\n@pytest.mark.skip(reason='no tool')\ndef test_it(): pass\n",
    "of a module": "import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass\n",
    "in a fixture": "import pytest\n@pytest.fixture\ndef f(): pytest.skip('no tool')\n"
    "def test_it(f): pass\n",
}


def _pytest(source: str, folder: Path, no_skip: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_skips.py").write_text(source)
    tests = Path(__file__).resolve().parents[1]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(tests), "HQUANT_NO_SKIP": no_skip},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("where", SKIPS)
def test_no_skip_fails_a_skip(where: str, tmp_path: Path) -> None:
    done = _pytest(SKIPS[where], tmp_path, "1")
    assert done.returncode not in (0, 5), done.stdout
    assert "skipped while HQUANT_NO_SKIP=1" in done.stdout


def test_a_package_of_an_optional_group_may_be_missing(tmp_path: Path) -> None:
    source = "from support import optional\ndef test_it(): optional('no_such_module')\n"
    done = _pytest(source, tmp_path, "1")
    assert done.returncode == 0 and "1 skipped" in done.stdout


def test_otherwise_a_skip_is_a_skip(tmp_path: Path) -> None:
    done = _pytest(SKIPS["in a test"], tmp_path, "0")
    assert done.returncode == 0
    assert "1 skipped" in done.stdout
