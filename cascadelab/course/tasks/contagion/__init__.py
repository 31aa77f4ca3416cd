"""The assignment of chapter 9: several assets, and accounts that hold more than one, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.contagion import correlation, matrix, note, paths, unpaid

ASSIGNMENT = Assignment(
    chapter="contagion",
    title="Assignment 9 · Many assets",
    tasks=(matrix.TASK, unpaid.TASK, paths.TASK, correlation.TASK, note.TASK),
)
