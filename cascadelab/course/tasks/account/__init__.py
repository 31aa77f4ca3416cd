"""The assignment of chapter 1: one position and its margin, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.account import call, first_sold, inverse, markers, short

ASSIGNMENT = Assignment(
    chapter="account",
    title="Assignment 1 · One account",
    tasks=(short.TASK, first_sold.TASK, markers.TASK, inverse.TASK, call.TASK),
)
