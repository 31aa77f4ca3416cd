"""The assignment of chapter 7: forced sales that cause forced sales, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.cascade import ends, jump, one_pass, staircase, three_fills

ASSIGNMENT = Assignment(
    chapter="cascade",
    title="Assignment 7 · One cascade",
    tasks=(ends.TASK, jump.TASK, staircase.TASK, three_fills.TASK, one_pass.TASK),
)
