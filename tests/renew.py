"""Re-execute notebooks and write them back in one normal form; a second run changes no byte.

    python tests/renew.py                       every notebook under chapters/
    python tests/renew.py chapters/01_*.ipynb   only these

Says for each notebook which cells' outputs changed. Leaves nothing behind when a cell fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def renew(path: Path) -> list[str]:
    """Execute `path` in place; return the ids of the code cells whose outputs changed."""
    notebook = nbformat.read(path, as_version=4)
    before = {cell.id: _outputs(cell) for cell in notebook.cells if cell.cell_type == "code"}
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", store_widget_state=False, record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )  # fmt: skip
    client.execute()
    normalise(notebook)
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", encoding="utf-8")
    return [cell.id for cell in notebook.cells if cell.cell_type == "code" and before[cell.id] != _outputs(cell)]


def normalise(notebook: nbformat.NotebookNode) -> None:
    """Drop what differs between two runs: timing, widgets that live in a kernel, versions, empty output keys."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: set[str] = set()
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.id in seen:
            cell.id = f"cell-{position}"
        seen.add(cell.id)
        cell.source = cell.source.strip("\n")
        cell.metadata.pop("execution", None)
        cell.metadata.pop("collapsed", None)
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            # a page without a kernel has no model to show; without this key it shows the picture, trusted or not
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join neighbouring pieces of one stream: where the kernel cuts a print in two is chance."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _outputs(cell: nbformat.NotebookNode) -> list[dict]:
    kept = []
    for output in cell.outputs:
        data = {key: value for key, value in output.get("data", {}).items() if "widget-view" not in key}
        kept.append({"type": output.output_type, "data": data, "text": output.get("text"), "name": output.get("name")})
    return kept


def main(arguments: list[str]) -> None:
    """Renew the notebooks named on the command line, or all of them."""
    for path in [Path(argument) for argument in arguments] or sorted(CHAPTERS.rglob("*.ipynb")):
        changed = renew(path)
        print(f"{path.name}: {', '.join(changed) + ' changed' if changed else 'unchanged'}")


if __name__ == "__main__":
    main(sys.argv[1:])
