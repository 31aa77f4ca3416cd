"""Four statements of which one is wrong, in a personal order: what a "find the error" task shows, and asks for."""

from __future__ import annotations

from collections.abc import Sequence

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given

LETTERS = ("a", "b", "c", "d")
WORDS = {name: f"statement {name}" for name in LETTERS}


def told(stream: Draw, statements: Sequence[str]) -> dict[str, str]:
    """The statements by their letters."""
    return dict(zip(LETTERS, stream.shuffled(statements), strict=True))


def letter(given: Given, *statements: str) -> str:
    """The letter under which a student reads the first of these statements that is there."""
    return next(name for statement in statements for name in LETTERS if given[name] == statement)


def which(*wrong: str, see: str) -> asks.Ask:
    """Ask for the letter of the wrong statement, which is the first of these that is there."""
    return asks.choice(lambda given: letter(given, *wrong), LETTERS, see)
