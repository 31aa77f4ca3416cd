"""The generated tables of the instructor's pack: learning outcome → task → test, and the rubrics."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cascadelab.course.task import Assignment, Task

BEGIN, END = "<!-- generated: python -m cascadelab.course tables --write -->", "<!-- end of generated -->"


def tables(assignments: Iterable[Assignment]) -> str:
    """Return the tables in Markdown."""
    blocks = []
    for assignment in assignments:
        core = [task for task in assignment.tasks if not task.optional]
        minutes = sum(task.minutes for task in core)
        optional = sum(task.points for task in assignment.tasks if task.optional)
        blocks.append(
            f"### {assignment.title}\n\n"
            f"{sum(task.points for task in core)} points in {minutes} minutes"
            + (f"; {optional} optional points" if optional else "")
            + ".\n\n"
            "| learning outcome | task | kind | minutes | guaranteed of the numbers | tests and points |\n"
            "|---|---|---|---|---|---|\n" + "\n".join(map(_row, assignment.tasks))
        )
        blocks += [_rubric(task) for task in assignment.tasks if task.rubric]
    return "\n\n".join(blocks)


def inserted(page: str, text: str) -> str:
    """Return a page with the text between its two marks."""
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise ValueError("the page must have the marks of the generated part, once each")
    return re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}\n\n{text}\n\n{END}", page, flags=re.DOTALL)


def _row(task: Task) -> str:
    tests = [f"{part.name} {part.tests}{' (hidden)' if part.hidden else ''}: {part.points}" for part in task.parts]
    tests += [f"marked with the rubric: {sum(points for points, _ in task.rubric)}"] if task.rubric else []
    title = f"{task.number} {task.title}" + (" *(optional)*" if task.optional else "")
    return f"| {task.outcome} | {title} | {task.kind} | {task.minutes} | {task.guaranteed} | {'; '.join(tests)} |"


def _rubric(task: Task) -> str:
    lines = "\n".join(f"- {points}: {text}" for points, text in task.rubric)
    return f"Rubric of task {task.number}, *{task.title}*:\n\n{lines}"
