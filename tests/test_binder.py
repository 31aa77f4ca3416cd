"""Binder's steps in a clean environment: its image's Jupyter, then our requirements, then every notebook, strictly.

Takes about two minutes and needs a package index; skipped, with the reason, only where none can be reached.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|MaxRetryError"
)
FOREIGN = ("PYTHON", "PYTEST", "COV", "JUPYTER", "VIRTUAL_ENV", "IPYTHON", "MPL")
MINUTES = 60


def run(*command, folder):
    """Run a command away from this test run's own settings; returns what came of it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    environment["PIP_COMPILE"] = "0"  # half of an installation's time; Python compiles what is imported
    command = [str(part) for part in command]
    return subprocess.run(
        command, cwd=folder, env=environment, timeout=10 * MINUTES, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def install(python, *arguments, folder):
    for _ in range(2):
        done = run(python, "-m", "pip", "install", "--disable-pip-version-check", *arguments, folder=folder)
        if done.returncode == 0:
            return
        lost = OFFLINE.search(done.stdout)
        if not lost:
            pytest.fail(done.stdout[-4000:])
    pytest.skip(f"no package index can be reached ({lost[0]}, twice), so Binder's steps were not walked")


def installed(python, folder):
    listed = run(python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check", folder=folder)
    return {entry["name"]: entry["version"] for entry in json.loads(listed.stdout.splitlines()[0])}


def binder_python():
    """Return the Python of runtime.txt where this machine has it, else the running one."""
    version = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    candidates = [shutil.which(f"python{version}")]
    if root := os.environ.get("PYENV_ROOT"):
        candidates += sorted(Path(root, "versions").glob(f"{version}.*/bin/python{version}"))
    for candidate in filter(None, candidates):
        if run(candidate, "-c", "import ensurepip, venv", folder=ROOT).returncode == 0:
            return candidate
    return sys.executable


def test_every_notebook_passes_in_the_environment_that_binder_builds(tmp_path, record_property):
    copy = tmp_path / "repo"
    leave = shutil.ignore_patterns(".venv", ".git", ".*_cache", ".hypothesis", ".coverage*", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=leave)
    made = run(binder_python(), "-m", "venv", tmp_path / "env", folder=copy)
    assert made.returncode == 0, made.stdout
    python = tmp_path / "env" / "bin" / "python"

    install(python, "-r", "binder/base.txt", folder=copy)
    install(python, "--no-cache-dir", "-r", "binder/requirements.txt", folder=copy)
    checked = run(python, "-m", "pip", "check", folder=copy)
    assert checked.returncode == 0, checked.stdout
    packages = installed(python, copy)
    files = [path for path in (tmp_path / "env").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    size = sum(path.lstat().st_size for path in files)

    # Binder's image has no nbval: it comes in after the measuring, and may change nothing that is there.
    install(python, "-c", "binder/constraints.txt", "pytest", "nbval", folder=copy)
    assert packages.items() <= installed(python, copy).items()

    (copy / "strict.ini").write_text("[pytest]\n", encoding="utf-8")
    tested = run(
        python, "-m", "pytest", "-c", "strict.ini", "-q", "-p", "no:cacheprovider", "-p", "tests.strict",
        "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "chapters", folder=copy,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stdout[-6000:]
    notebooks = [nbformat.read(path, as_version=4) for path in sorted((ROOT / "chapters").rglob("*.ipynb"))]
    cells = sum(cell.cell_type == "code" for notebook in notebooks for cell in notebook.cells)
    assert f"{cells} passed" in tested.stdout

    version = run(python, "-c", "import platform; print(platform.python_version())", folder=copy).stdout.strip()
    record_property(
        "measured",
        f"Binder: Python {version}, {len(packages)} packages, {size / 1e6:.0f} MB installed without bytecode; "
        f"{cells} cells of {len(notebooks)} notebooks pass strictly",
    )
