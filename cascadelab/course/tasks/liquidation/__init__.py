"""The assignment of chapter 6: liquidation, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.liquidation import auction, choice, first_bite, smallest_repayment, spiral

ASSIGNMENT = Assignment(
    chapter="liquidation",
    title="Assignment 6 · Liquidation",
    tasks=(first_bite.TASK, smallest_repayment.TASK, auction.TASK, choice.TASK, spiral.TASK),
)
