"""The assignment of chapter 4: distance to liquidation, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.distance import broken, chosen_days, hedge, short_leverage, touched

ASSIGNMENT = Assignment(
    chapter="distance",
    title="Assignment 4 · Distance to liquidation",
    tasks=(hedge.TASK, touched.TASK, broken.TASK, short_leverage.TASK, chosen_days.TASK),
)
