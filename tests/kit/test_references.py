"""The references: what the renderer makes of an entry and what it refuses, and every citation resolves."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cascadelab.kit.references import references

CHAPTERS = Path(__file__).parents[2] / "chapters"
FILE = CHAPTERS / "references.bib"
KEYS = [entry["ID"] for entry in references(FILE).entries]
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
GOLDEN = Path(__file__).parents[1] / "golden.json"


@pytest.fixture
def render(tmp_path):
    def of(text):
        path = tmp_path / "some.bib"
        path.write_text(text, encoding="utf-8")
        return references(path)

    return of


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_citation_leads_to_an_entry(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    cited = re.findall(r"\]\(([^)]*C_references\.ipynb[^)]*)\)", text)
    for target in cited:
        notebook, _, key = target.partition("#")
        assert notebook == "C_references.ipynb"
        assert key in ("", *KEYS), f"{path.name} cites {key!r}"


def test_every_entry_is_cited_in_a_notebook_or_is_the_source_of_a_published_case():
    text = "\n".join(path.read_text(encoding="utf-8") for path in CHAPTERS.rglob("*.ipynb"))
    cited = set(re.findall(r"C_references\.ipynb#([a-z0-9_-]+)", text))
    cases = [case["source"] for case in json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]]
    tested = {source.get("url", source.get("repo", "").replace("github:", "https://github.com/")) for source in cases}
    entries = references(FILE).entries
    assert [e["ID"] for e in entries if e["ID"] not in cited and e.get("url") not in tested] == []


def test_the_stored_page_has_an_anchor_and_a_heading_for_every_entry():
    cells = nbformat.read(CHAPTERS / "C_references.ipynb", as_version=4).cells
    shown = "\n".join(output.data["text/markdown"] for cell in cells for output in cell.get("outputs", []))
    assert re.findall(r'<a id="(.+?)"></a>', shown) == KEYS
    assert re.findall(r"^#### (\S+)$", shown, re.MULTILINE) == KEYS


@pytest.mark.unmeasured
def test_keys_are_unique_sorted_and_links_are_complete():
    entries = references(FILE).entries
    assert sorted(set(KEYS)) == KEYS
    for entry in entries:
        assert re.fullmatch(r"10\.\d{4,}/\S+", entry.get("doi", "10.1234/x")), entry["ID"]
        assert re.fullmatch(r"\d{4}\.\d{4,5}", entry.get("eprint", "1234.56789")), entry["ID"]
        assert re.fullmatch(r"https?://[^\s{}]+", entry.get("url", "https://x")), entry["ID"]
        assert re.fullmatch(r"\d{4}|n\.d\.", entry["year"]), entry["ID"]


def test_the_paper_of_the_continuity_correction_reads_as_printed():
    text = repr(references(FILE))
    assert "M. Broadie, P. Glasserman and S. Kou (1997). A Continuity Correction for Discrete Barrier Options. " in text
    assert "Mathematical Finance 7(4), 325–349. https://doi.org/10.1111/1467-9965.00035." in text


def test_an_article_shows_its_issue_and_its_links(render):
    shown = render(
        "@article{b2, author={Müller-Lüdenscheid, Hans-Peter and {The Office}}, title={{A} Cost of \\$5 -- or more?},"
        " journal={J. of Tests}, volume={1}, number={2}, pages={3--4}, year={2001}, doi={10.1/x_y--z}}\n"
        "@article{a1, author={Doe, J.}, title={T}, journal={Notes}, number={7}, year={2000}, eprint={1234.56789}}\n"
    )
    assert repr(shown).split("\n") == [
        "[a1] J. Doe (2000). T. Notes, no. 7. https://arxiv.org/abs/1234.56789.",
        "[b2] H. P. Müller-Lüdenscheid and The Office (2001). A Cost of $5 – or more? J. of Tests 1(2), 3–4. "
        "https://doi.org/10.1/x_y--z.",
    ]
    assert shown._repr_markdown_().split("\n\n") == [
        '<a id="a1"></a>',
        "#### a1",
        "J. Doe (2000). *T*. Notes, no. 7. [arXiv:1234.56789](https://arxiv.org/abs/1234.56789).",
        '<a id="b2"></a>',
        "#### b2",
        "H. P. Müller-Lüdenscheid and The Office (2001). *A Cost of \\$5 – or more?* J. of Tests 1(2), 3–4. "
        "[doi:10.1/x_y--z](https://doi.org/10.1/x_y--z).",
    ]


def test_a_book_and_a_page_show_where_they_appeared(render):
    shown = render(
        "@book{b, author={Doe, J. and Roe, R. and Poe, P.}, title={B}, publisher={House}, edition={2nd}, year={1999}}\n"
        "@book{c, author={Doe, J.}, title={C}, publisher={House}, year={1999}, note={``Part''~II}}\n"
        "@misc{d, author={{Venue}}, title={D}, year={n.d.}, url={https://www.venue.org/~a_b/c}}\n"
        "@article{e, author={Doe, J.}, title={E}, journal={Notes}, year={1999}}\n"
    )
    assert repr(shown).split("\n") == [
        "[b] J. Doe, R. Roe and P. Poe (1999). B. House, 2nd edition.",
        "[c] J. Doe (1999). C. House. “Part” II.",
        "[d] Venue (n.d.). D. https://www.venue.org/~a_b/c.",
        "[e] J. Doe (1999). E. Notes.",
    ]
    assert "[venue.org](https://www.venue.org/~a_b/c)" in shown._repr_markdown_()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@misc{a, author={A}, title={T}, year={1}}\n@misc{a, author={A}, title={U}, year={1}}", "got a more often"),
        ("@misc{a, author={A}, title={T}, year={1}}\n@misc{b, author={A, title={T}", "got a broken one: b"),
        ("@misc{Doe20, author={A}, title={T}, year={1}}", "a key must be lower-case letters, digits, _ and -"),
        ("@misc{a, author={A}, title={ }}", "a must have author, title and year, got no title, year"),
    ],
)
def test_a_faulty_file_is_refused(render, text, message):
    with pytest.raises(ValueError, match=message):
        render(text)


def test_reading_warns_of_nothing():
    """The parser's grammar makes newer versions of its own parser library warn, which would stand in the notebook."""
    code = "from cascadelab.kit.references import references; references()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHAPTERS, timeout=300)
    assert (result.returncode, result.stderr) == (0, "")
