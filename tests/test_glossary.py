"""The glossary: entries in place and form, none of the field's terms left out, every venue with its chapters."""

import re
from pathlib import Path

import nbformat
import pytest

from cascadelab.kit.notation import CHAPTERS, written

BOOK = Path(__file__).parents[1] / "chapters"
TITLE, *CELLS, VENUES = nbformat.read(BOOK / "B_glossary.ipynb", as_version=4).cells
LETTERS = {cell.source.split("\n")[0].removeprefix("## "): cell.source.split("\n\n")[1:] for cell in CELLS}
ENTRIES = [entry for entries in LETTERS.values() for entry in entries]
TERMS = [re.match(r"\*\*(.+?)\*\*", entry).group(1) for entry in ENTRIES]

FIELD = """
crypto derivatives; leveraged position; borrowing protocol; position sizing; predictive modelling; margin
efficiency; settlement integrity; deficit; bad debt; market sentiment; execution speed; jurisdictional
arbitrage; private key; custody; NFT; illiquid collateral; initial margin; maintenance margin; mark price;
index price; oracle; bankruptcy price; close factor; liquidation bonus; liquidation fee; insurance fund;
auto-deleveraging; asset weight; liability weight; health factor; open interest; market depth; branching
ratio; funding; perpetual; inverse contract; isolated margin; cross margin; portfolio margin; surplus; safe
set; hyperplane; liquidation price; liquidation cascade; stablecoin; socialised loss
"""


@pytest.mark.parametrize("term", [term.strip() for term in FIELD.replace("\n", " ").split(";")])
def test_the_terms_of_the_field_are_defined(term):
    assert term in TERMS


def test_letters_and_terms_are_in_alphabetical_order_and_once():
    assert list(LETTERS) == sorted(LETTERS)
    folded = [term.lower().replace("σ", "sigma") for term in TERMS]
    assert folded == sorted(set(folded))
    for letter, entries in LETTERS.items():
        assert len(letter) == 1
        assert all(entry[2].replace("σ", "s").upper() == letter for entry in entries)


def test_the_title_says_from_where_on_chapters_are_planned():
    last = max(k for k, chapter in enumerate(CHAPTERS) if written(chapter))
    assert f"chapters after {last} are planned" in TITLE.source


def shown(path):
    """What a chapter says and prints, without its list of further reading."""
    for cell in nbformat.read(path, as_version=4).cells:
        if not cell.source.startswith("## What to read next"):
            yield cell.source
            yield from (str(o.get("text") or o.get("data", {}).get("text/plain")) for o in cell.get("outputs", []))


def test_every_venue_stands_with_the_chapters_that_name_it():
    rows = re.findall(r"^\| (.+) \| (\d.+) \|$", VENUES.source, re.MULTILINE)
    assert [venue for venue, _ in rows] == sorted((venue for venue, _ in rows), key=str.lower)
    listed = {venue: [int(part.split(":")[0]) for part in parts.split(" · ")] for venue, parts in rows}
    texts = {int(path.name[:2]): "\n".join(shown(path)) for path in sorted(BOOK.glob("[0-9]*_*.ipynb"))}
    assert listed == {v: [k for k, text in texts.items() if re.search(rf"\b{v}\b", text)] for v in listed}


@pytest.mark.parametrize("entry", ENTRIES, ids=TERMS)
def test_entry_is_one_or_two_sentences_and_names_its_chapter(entry):
    """Form: **term** – definition. (chapter k), with one sentence a line."""
    form = re.fullmatch(r"\*\*[^*]+\*\* – (.+) \(chapter (\d+)\)", entry, re.DOTALL)
    assert form, entry
    definition, chapter = form.groups()
    assert int(chapter) < len(CHAPTERS)
    sentences = definition.split("\n")
    assert len(sentences) <= 2
    for sentence in sentences:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"[a-z)]\. [A-Z]", sentence)
        assert len(sentence) <= 240
