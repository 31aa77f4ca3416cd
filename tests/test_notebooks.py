"""What strict nbval can not see of a notebook: its form, its size, and that nbval would catch a change."""

import copy
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbval.plugin import IPyNbCell, nocolors

from cascadelab.kit.notation import CHAPTERS

ROOT = Path(__file__).resolve().parent.parent
PATHS = sorted((ROOT / "chapters").glob("*.ipynb"))
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}
CHAPTER_NOTEBOOKS = [stem for stem in NOTEBOOKS if stem[:2].isdigit()]
ANATOMY = [
    "You will be able to", "Before you start", "Why it matters", "Model and notation", "Derivation", "Code", "Check",
    "Explore", "Break it", "Exercises", "Summary", "What to read next",
]  # fmt: skip

every_notebook = pytest.mark.parametrize("stem", NOTEBOOKS)
every_chapter = pytest.mark.parametrize("stem", CHAPTER_NOTEBOOKS)


def code_cells(stem):
    return [cell for cell in NOTEBOOKS[stem].cells if cell.cell_type == "code"]


def prose(stem):
    return [cell.source for cell in NOTEBOOKS[stem].cells if cell.cell_type == "markdown"]


def headings(stem, level):
    mark = "#" * level + " "
    lines = "\n".join(prose(stem)).split("\n")
    return [line[len(mark) :] for line in lines if line.startswith(mark)]


@pytest.mark.parametrize("stem", [s for s in CHAPTER_NOTEBOOKS if s[:2] != "00"])
def test_headings_follow_the_anatomy_of_a_chapter(stem):
    assert headings(stem, 2) == ANATOMY


@every_chapter
def test_title_carries_the_chapter_number(stem):
    (title,) = headings(stem, 1)
    assert title.startswith(f"{int(stem[:2])} · ")
    assert stem[3:] == CHAPTERS[int(stem[:2])]


@every_notebook
def test_cells_were_executed_in_order_without_errors(stem):
    cells = code_cells(stem)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


@every_notebook
def test_code_cells_are_short_and_plain(stem):
    for cell in code_cells(stem):
        lines = [line for line in cell.source.split("\n") if line.strip()]
        assert 0 < len(lines) <= 12, f"{cell.id} has {len(lines)} lines"
        assert not cell.source.rstrip().endswith(";"), cell.id
        assert not re.search(r"^\s*[%!]|sys\.path|NBVAL_|plt\.show", cell.source, re.M), cell.id
        tags = set(cell.metadata.get("tags", []))
        assert tags <= {"hide-input"}, f"{cell.id} carries {tags}"


@every_notebook
def test_imports_stand_in_one_block(stem):
    with_imports = [c.id for c in code_cells(stem) if re.search(r"^(import|from) ", c.source, re.M)]
    assert len(with_imports) <= 1, f"imports in {with_imports}"


@every_chapter
def test_imports_reach_no_later_chapter(stem):
    allowed = len(CHAPTERS) if stem[:2] == "00" else int(stem[:2]) + 1
    for cell in code_cells(stem):
        for name in re.findall(r"cascadelab\.(\w+)|from cascadelab import (.+)", cell.source):
            for word in filter(None, re.split(r"[,\s]+", " ".join(name))):
                assert word == "kit" or CHAPTERS.index(word) < allowed, f"{cell.id} imports {word}"


@every_notebook
def test_numbers_are_formatted(stem):
    for cell in code_cells(stem):
        for output in cell.outputs:
            text = str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
            assert "np.float64" not in text, cell.id
            assert "array(" not in text, cell.id
            assert not re.search(r"\d\.\d{11,}", text), f"{cell.id} prints a raw float"
            assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|/root/", text), cell.id


@every_notebook
def test_pictures_say_in_words_what_they_show(stem):
    for cell in code_cells(stem):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                assert len(alt) > 60, f"{cell.id}: {alt!r}"
                assert re.search(r"\d", alt), f"{cell.id}: the alt text shows no number"
                told = "".join(o.get("text", "") for o in cell.outputs) or output.data["text/plain"]
                assert re.search(r"\w  +\S", told), f"{cell.id} shows no facts"


@every_notebook
def test_notebook_is_stored_lean(stem):
    path = ROOT / "chapters" / f"{stem}.ipynb"
    assert path.stat().st_size <= 400_000
    assert set(NOTEBOOKS[stem].metadata) == {"kernelspec", "language_info"}
    ids = [cell.id for cell in NOTEBOOKS[stem].cells]
    assert len(set(ids)) == len(ids)


@every_chapter
def test_prose_has_one_sentence_a_line(stem):
    for source in prose(stem):
        for line in re.sub(r"\(e\.g\. |\bvs\. |\bi\.e\. |\bNo\. ", "", source).split("\n"):
            if not line.startswith(("|", "#", "-", ">", "[")):
                assert not re.search(r"[a-z)]\. [A-Z]", line), line


@every_chapter
def test_every_exercise_has_a_collapsed_solution_that_passes(stem):
    names = headings(stem, 3)
    numbers = [name.split()[1] for name in names if name.startswith("Exercise ")]
    assert [h.split()[1] for h in headings(stem, 4) if h.startswith("Solution")] == numbers
    for cell in NOTEBOOKS[stem].cells:
        if cell.cell_type == "markdown" and "#### Solution" in cell.source:
            assert cell.metadata.get("jp-MarkdownHeadingCollapsed") is True, cell.id
            assert "\n" not in cell.source, f"{cell.id}: what stands beside the heading is not folded away"
        if cell.cell_type == "code" and cell.metadata.get("jupyter", {}).get("source_hidden"):
            shown = " ".join(str(o.get("data", {}).get("text/plain", "")) for o in cell.outputs)
            assert "check(" not in cell.source or ": right" in shown, cell.id


def glossary_terms():
    text = "\n".join(prose("B_glossary"))
    return {term.lower() for term in re.findall(r"^\*\*(.+?)\*\*", text, re.M)}


@every_chapter
def test_bold_terms_stand_in_the_glossary(stem):
    terms = glossary_terms()
    for bold in re.findall(r"\*\*(.+?)\*\*", "\n".join(prose(stem))):
        assert bold.lower() in terms, f"{bold!r} is not in the glossary"


def nbval_cell():
    """nbval's own cell, without a kernel: just enough of it to compare outputs."""
    cell = object.__new__(IPyNbCell)
    cell.parent = SimpleNamespace(
        skip_compare=("metadata", "traceback", "prompt_number", "output_type", "name", "execution_count",
                      "application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg"),
        sanitize_patterns={},
    )  # fmt: skip
    cell.colors = nocolors
    cell.comparison_traceback = []
    cell.format_output_compare = lambda *_: None  # it words the difference, and needs a session for that
    return cell


def mutations(outputs):
    """Copies of a cell's outputs with one digit changed, one for every number in every text output."""
    for k, output in enumerate(outputs):
        fields = [("text", output["text"])] if "text" in output else []
        fields += [(kind, text) for kind, text in output.get("data", {}).items() if isinstance(text, str)]
        for kind, text in fields:
            if kind == "image/png":
                continue
            for match in re.finditer(r"\d+(\.\d+)?", text):
                position = match.end() - 1
                digit = str((int(text[position]) + 1) % 10)
                changed = copy.deepcopy(outputs)
                target = changed[k] if kind == "text" else changed[k]["data"]
                target[kind] = text[:position] + digit + text[position + 1 :]
                yield match.group(), changed


@pytest.mark.unmeasured
@every_notebook
def test_changing_any_stored_number_fails(stem):
    tried = 0
    for cell in code_cells(stem):
        verifier = nbval_cell()
        assert verifier.compare_outputs(cell.outputs, cell.outputs), cell.id
        for number, changed in mutations(cell.outputs):
            assert not verifier.compare_outputs(cell.outputs, changed), f"{cell.id}: {number} is not compared"
            tried += 1
    assert tried > 0 or stem[:1] in "BC"


@every_notebook
def test_changing_a_stored_picture_fails(stem):
    for cell in code_cells(stem):
        for k, output in enumerate(cell.outputs):
            if "image/png" in output.get("data", {}):
                changed = copy.deepcopy(cell.outputs)
                changed[k]["metadata"]["image/png"]["alt"] += " 1"
                assert not nbval_cell().compare_outputs(cell.outputs, changed), cell.id


@pytest.mark.unmeasured
def test_damaged_copies_fail_the_real_run(tmp_path):
    notebook = NOTEBOOKS["01_account"]
    by_id = {cell.id: cell for cell in notebook.cells}
    other = by_id["leverage-picture"].outputs[0].data["image/png"]
    hungry = nbformat.v4.new_code_cell("hoard = bytearray(400 * 2**20)", id="hungry", execution_count=1)
    for damage in ("number", "picture", "unrun", "hungry"):
        copied = copy.deepcopy(notebook)
        copied.cells = copy.deepcopy([notebook.cells[1], hungry if damage == "hungry" else by_id["opening"]])
        last = copied.cells[-1]
        if damage == "number":
            last.outputs[1].text = last.outputs[1].text.replace("84.2105", "84.2106")
        elif damage == "picture":
            last.outputs[0].data["image/png"] = other
        elif damage == "unrun":
            last.outputs, last.execution_count = [], None
        nbformat.write(copied, tmp_path / f"{damage}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--no-cov", "-c", "pyproject.toml", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=600)
    assert "3 failed, 5 passed, 1 error" in result.stdout, result.stdout[-2000:]
    for name in ("number", "picture", "unrun"):
        assert re.search(rf"FAILED \S*{name}.ipynb::Cell 1", result.stdout), name
    assert re.search(r"ERROR \S*hungry.ipynb::Cell 1", result.stdout)
    assert "the kernel took" in result.stdout
