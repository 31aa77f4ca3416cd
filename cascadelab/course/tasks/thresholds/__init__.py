"""The assignment of chapter 2: thresholds under real rules, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.thresholds import held_loan, misprint, size, tiered_long, tiered_price

ASSIGNMENT = Assignment(
    chapter="thresholds",
    title="Assignment 2 · Thresholds",
    tasks=(tiered_long.TASK, tiered_price.TASK, size.TASK, held_loan.TASK, misprint.TASK),
)
