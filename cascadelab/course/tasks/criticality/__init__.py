"""The assignment of chapter 8: when a cascade stops by itself, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.criticality import budget, clock, families, fold, stop

ASSIGNMENT = Assignment(
    chapter="criticality",
    title="Assignment 8 · Will it stop?",
    tasks=(budget.TASK, stop.TASK, fold.TASK, families.TASK, clock.TASK),
)
