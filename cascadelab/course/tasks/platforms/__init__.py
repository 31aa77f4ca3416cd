"""The assignment of chapter 10: one coin on several venues, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.platforms import elsewhere, joined, marks, venues

ASSIGNMENT = Assignment(
    chapter="platforms",
    title="Assignment 10 · Two platforms",
    tasks=(joined.TASK, marks.TASK, venues.TASK, elsewhere.TASK),
)
