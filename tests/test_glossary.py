"""The glossary: every entry in its place and form, and none of the field's terms left out."""

import re
from pathlib import Path

import nbformat
import pytest

from cascadelab.kit.notation import CHAPTERS

CELLS = nbformat.read(Path(__file__).parents[1] / "chapters" / "B_glossary.ipynb", as_version=4).cells[1:]
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
