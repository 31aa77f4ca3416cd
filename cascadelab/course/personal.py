"""Personal numbers: drawn from SHA-256 of course, student and task, the same on every machine and in every version.

No library generator is used, because those may change: the digest of a text and whole-number arithmetic do not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")
PLACEHOLDER = "type-your-id"
VERSION = "cascadelab-course-1"
WORD = 2**64


def identify(student: Any) -> str:
    """Return a student id in its one form: without outer blanks, in small letters.

    Raises ValueError unless it is 1 to 64 ASCII letters, digits or ``. _ @ + -``, beginning with a letter or digit,
    and not the placeholder of a blank notebook.

    >>> identify(" AB1234 ")
    'ab1234'
    """
    text = student.strip().lower() if type(student) is str else ""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,63}", text, re.ASCII):
        raise ValueError(f"student must be an id of letters, digits and . _ @ + -, got {student!r:.80}")
    if text == PLACEHOLDER:
        raise ValueError("student must be your own id: type it between the quotes and run the cell again")
    return text


class Draw:
    """An endless stream of uniform whole numbers, fixed by its labels.

    >>> Draw("demo", "ab1234", "account.1").integer(1, 6) == Draw("demo", "ab1234", "account.1").integer(1, 6)
    True
    """

    def __init__(self, *labels: str | int) -> None:
        self._labels = json.dumps([VERSION, *labels])  # JSON in ASCII: two lists of labels never give one text
        self._block, self._words = 0, []  # type: int, list[int]

    def word(self) -> int:
        """Return the next 64 bits."""
        if not self._words:
            digest = hashlib.sha256(f"{self._labels}/{self._block}".encode("ascii")).digest()
            self._words = [int.from_bytes(digest[k : k + 8], "big") for k in (24, 16, 8, 0)]
            self._block += 1
        return self._words.pop()

    def below(self, count: int) -> int:
        """Return a whole number from 0 to `count` − 1; every one has the same chance, exactly."""
        fair = WORD - WORD % count  # words above would favour the small numbers
        while (word := self.word()) >= fair:
            pass
        return word % count

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def decimal(self, low: int, high: int, places: int) -> float:
        """Return a decimal number: an integer from `low` to `high` with its point moved `places` to the left."""
        return self.integer(low, high) / 10**places

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[self.below(len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return the options in random order."""
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in options]
