"""The assignment of chapter 5: impact, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.impact import known_sale, order, own_debt, quotes, refilled

ASSIGNMENT = Assignment(
    chapter="impact",
    title="Assignment 5 · Impact",
    tasks=(known_sale.TASK, own_debt.TASK, quotes.TASK, refilled.TASK, order.TASK),
)
