"""The book's references: one BibTeX file, rendered in one order with an anchor at each key."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class References:
    """Entries sorted by key, each a dictionary of plain text fields; renders as Markdown, and as plain text."""

    entries: tuple[dict[str, str], ...]

    def _repr_markdown_(self) -> str:
        return "\n\n".join(
            f'<a id="{entry["ID"]}"></a>\n\n#### {entry["ID"]}\n\n{_line(entry, linked=True)}' for entry in self.entries
        )

    def __repr__(self) -> str:
        return "\n".join(f"[{entry['ID']}] {_line(entry, linked=False)}" for entry in self.entries)


def references(path: str | Path = "references.bib") -> References:
    """Read a BibTeX file and return its entries, sorted by key.

    Parameters
    ----------
    path : str or Path           the file; a chapter finds `references.bib` in its own folder

    Returns
    -------
    References                   entries in the order of their keys

    Raises
    ------
    ValueError                   the file has an entry that can not be read, a key twice, a key that is no anchor,
                                 or an entry without author, title or year

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "some.bib"
    ...     _ = file.write_text("@misc{me2020, author = {Doe, Jane}, title = {On Margin}, year = {2020}}")
    ...     references(file)
    [me2020] J. Doe (2020). On Margin.
    """
    import bibtexparser

    text = Path(path).read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the parser's own grammar offends newer pyparsing
        entries = bibtexparser.loads(text).entries
    keys = re.findall(r"^\s*@\w+\s*\{\s*([^,\s]*)", text, re.M)
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{path}: every key must be there once, got {', '.join(twice)} more often")
    lost = sorted(set(keys) - {entry["ID"] for entry in entries})
    if lost:
        raise ValueError(f"{path}: every entry must be readable, got a broken one: {', '.join(lost)}")
    for entry in entries:
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", entry["ID"]):
            raise ValueError(f"{path}: a key must be lower-case letters, digits, _ and -, got {entry['ID']!r}")
        missing = [field for field in ("author", "title", "year") if not entry.get(field, "").strip()]
        if missing:
            raise ValueError(f"{path}: {entry['ID']} must have author, title and year, got no {', '.join(missing)}")
    return References(tuple(sorted(entries, key=lambda entry: str(entry["ID"]))))


def _line(entry: dict[str, str], *, linked: bool) -> str:
    """One reference: authors (year). Title. Where it appeared. Links. Note."""
    texts = {field: _plain(text, dollar=r"\$" if linked else "$") for field, text in entry.items()}
    star = "*" if linked else ""
    parts = [f"{_authors(entry['author'])} ({texts['year']})", f"{star}{texts['title']}{star}", _where(texts)]
    parts += [f"[{name}]({target})" if linked else target for name, target in _targets(entry)]
    parts.append(texts.get("note", ""))
    return " ".join(part if part.rstrip("*")[-1] in ".?!" else f"{part}." for part in parts if part)


def _authors(field: str) -> str:
    """Initials and surname of each person; an institution in double braces as it stands."""
    names = []
    for person in re.split(r"\s+and\s+", field.strip()):
        surname, comma, given = person.partition(",")
        initials = " ".join(f"{name[0]}." for name in _plain(given).replace("-", " ").split())
        names.append(f"{initials} {_plain(surname)}" if comma else _plain(person))
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _where(entry: dict[str, str]) -> str:
    """Journal with volume, number and pages; or publisher and edition; empty for a page on the web."""
    if "journal" not in entry:
        edition = f"{entry['edition']} edition" if "edition" in entry else ""
        return ", ".join(filter(None, [entry.get("publisher", ""), edition]))
    issue = f" {entry['volume']}" if "volume" in entry else ""
    if "number" in entry:
        issue += f"({entry['number']})" if issue else f", no. {entry['number']}"
    return entry["journal"] + issue + (f", {entry['pages']}" if "pages" in entry else "")


def _targets(entry: dict[str, str]) -> list[tuple[str, str]]:
    """Name and address of each link: DOI, arXiv, web page."""
    links = []
    if "doi" in entry:
        links.append((f"doi:{entry['doi']}", f"https://doi.org/{entry['doi']}"))
    if "eprint" in entry:
        links.append((f"arXiv:{entry['eprint']}", f"https://arxiv.org/abs/{entry['eprint']}"))
    if "url" in entry:
        links.append((re.sub(r"^https?://(www\.)?|/.*$", "", entry["url"]), entry["url"]))
    return links


def _plain(text: str, dollar: str = "$") -> str:
    """Text without TeX: braces, escapes and ties go, quotes and dashes become characters."""
    for tex, character in (
        ("--", "–"),
        ("``", "“"),
        ("''", "”"),
        (r"\$", dollar),
        (r"\&", "&"),
        (r"\_", "_"),
        ("~", " "),
    ):
        text = text.replace(tex, character)
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "")).strip()
