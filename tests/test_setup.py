"""README, CI, Binder and metadata say one thing: two commands, one pinned environment, one placeholder."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from cascadelab.kit.notation import CHAPTERS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAPERS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def section(title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, flags=re.MULTILINE | re.DOTALL)[1]


BLOCKS = re.findall(r"^```sh\n(.*?)^```$", section("Set up"), flags=re.MULTILINE | re.DOTALL)


def requirements(name):
    """Requirements of a file in binder/, by name; a name may stand there once for each environment marker."""
    lines = (ROOT / "binder" / name).read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def files():
    """Files of the project: what git knows or would add, or everything outside hidden folders."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True)
        if listed.returncode == 0:
            return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    shown = {".ci", ".github"}
    return [ROOT / path for path in found if not any(p[:1] in "._" and p not in shown for p in path.parts[:-1])]


def texts():
    for path in files():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_set_up_has_two_commands_of_one_line():
    assert section("Set up").count("```") == 4
    assert [block.count("\n") for block in BLOCKS] == [1, 1]


def test_both_commands_build_one_pinned_environment():
    read, check = (block.strip() for block in BLOCKS)
    for command in (read, check):
        assert " && python3 -m venv .venv && .venv/bin/python -m pip install -c binder/constraints.txt -e " in command
        assert ";" not in command.partition(" && ")[2]
    assert check.endswith(" -e '.[test]' && .venv/bin/python -m pytest --cov")
    (book,) = re.findall(r"/lab/tree/(\S+)$", read)
    assert (ROOT / book).is_file()


def test_first_step_stops_a_python_that_is_too_old():
    step, same = (re.match(r"python3 -c '([^']*)' && ", block)[1] for block in BLOCKS)
    assert step == same
    subprocess.run([sys.executable, "-c", step], check=True)
    for version, status in {(3, 10, 13): 1, (3, 11, 0): 0}.items():
        pretend = f"import sys; sys.version_info = {version}; "
        done = subprocess.run([sys.executable, "-c", pretend + step], capture_output=True, text=True)
        assert done.returncode == status
        assert (done.stderr.strip().rstrip(".") in section("Set up").split("you see")[1]) or not status


def test_readme_names_the_python_versions_that_the_package_takes():
    low, high = re.search(r"Python (3\.\d+) to (3\.\d+)", README).groups()
    minor = int(high.split(".")[1])
    assert PROJECT["requires-python"] == f">={low},<3.{minor + 1}"
    assert f"Python {low} to {high}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_troubleshooting_has_three_lines():
    assert len(re.findall(r"^\| (?!you see)[^-].* \|$", section("Set up"), flags=re.MULTILINE)) == 3


def test_ci_runs_the_second_command_to_the_letter():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (assignment,) = re.findall(r"^command=.*$", script, flags=re.MULTILINE)
    shown = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'{assignment}\nprintf "%s\\n" "$command"'],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout == BLOCKS[1]
    assert script.rstrip().endswith('bash -euo pipefail -c "$command"')
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_workflow_calls_the_ci_script_and_nothing_else():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]
    actions = {step["uses"].split("@")[0] for step in steps if "uses" in step}
    assert actions == {"actions/checkout", "actions/setup-python"}


def test_placeholder_is_named_once():
    placeholder = "OWNER" + "/REPO"
    assert [str(path) for path, text in texts() for _ in range(text.count(placeholder))] == ["README.md"]


def test_badge_opens_the_first_page():
    (address,) = re.findall(r"^\[binder\]: (\S+)$", README, flags=re.MULTILINE)
    assert "][binder]" in README
    assert (ROOT / re.search(r"urlpath=lab/tree/(\S+)$", address)[1]).is_file()


def test_no_file_names_a_package_index_or_a_place_on_one_machine():
    strange = re.compile(
        r"pypi\.org|pythonhosted\.|npmjs\.|deb\.debian\.|index[-_]url|find[-_]links"
        r"|(?<![\w./-])/(?:root|home|Users|work|tmp|opt|srv)/\w"
    )
    found = {str(path): strange.findall(text) for path, text in texts()}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_contents_list_every_chapter_and_mark_what_is_planned():
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", section("Contents"), flags=re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(len(CHAPTERS)))
    for (_, entry), (number, word) in zip(rows, enumerate(CHAPTERS), strict=True):
        title, notebook = word.replace("_", " ").capitalize(), f"chapters/{number:02}_{word}.ipynb"
        ready = (ROOT / notebook).is_file()
        assert entry == (f"[{title}]({notebook})" if ready else f"{title} *(planned)*")


@pytest.mark.parametrize("paper", PAPERS)
def test_links_lead_somewhere(paper):
    text = (ROOT / paper).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [target for target in targets if "://" not in target and not (ROOT / target.split("#")[0]).exists()] == []


def test_versions_and_names_agree():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {citation["version"], importlib.metadata.version("cascadelab")} == {PROJECT["version"]}
    assert citation["title"] == PROJECT["name"] + ": " + PROJECT["description"][0].lower() + PROJECT["description"][1:]
    (author,) = citation["authors"]
    assert f"{author['name']} (2026). *{citation['title']}*, version {PROJECT['version']}." in section("Citing")
    assert f"Copyright (c) 2026, {author['name']}" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_readme_says_the_licence_once():
    assert README.count("BSD") == README.count("CC BY") == 1
    assert (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8").startswith("Attribution 4.0 International\n")


def test_environment_is_the_pinned_one():
    """Every package that the book or its tests need is pinned, and installed at its pin."""
    pins = requirements("constraints.txt")
    wanted, seen = [("cascadelab", frozenset({"test"}))], set()
    while wanted:
        name, extras = wanted.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in importlib.metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
                wanted.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    names = {name for name, _ in seen} - {"cascadelab"}
    assert names - set(pins) == set(), "not pinned: refresh binder/constraints.txt, see CONTRIBUTING.md"
    here = {name: [pin for pin in pins[name] if pin.marker is None or pin.marker.evaluate()] for name in names}
    assert [name for name, pin in here.items() if len(pin) != 1] == []
    strays = {n: v for n, (pin,) in here.items() if (v := importlib.metadata.version(n)) not in pin.specifier}
    assert strays == {}, "not installed at its pin: run the README's second command again"


def test_every_pin_names_one_version():
    for pins in requirements("constraints.txt").values():
        for pin in pins:
            assert re.fullmatch(r"==[\w.]+", str(pin.specifier))
            assert pin.url is None


def test_binder_carries_the_same_jupyter():
    """What Binder's image brings along and the book needs is pinned at the version of that image."""
    pins, base = requirements("constraints.txt"), requirements("base.txt")
    shared = set(base) & set(pins)
    assert {"jupyterlab", "jupyter-server", "ipywidgets", "ipykernel", "notebook"} - shared <= {"notebook"}
    for name in shared:
        assert [str(pin.specifier) for pin in base[name]] == [str(pin.specifier) for pin in pins[name]]


def test_binder_installs_the_book_from_the_root_under_the_constraints():
    binder = ROOT / "binder"
    # pip reads -c relative to the file and -e relative to where it runs, which is the root of the repository
    assert (binder / "requirements.txt").read_text(encoding="utf-8") == "-c constraints.txt\n-e .\n"
    version = (binder / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{version}.0")
    # another file here could change what Binder builds, and the clean environment would not follow
    names = ["base.txt", "constraints.txt", "requirements.txt", "runtime.txt"]
    assert sorted(path.name for path in binder.iterdir()) == names
