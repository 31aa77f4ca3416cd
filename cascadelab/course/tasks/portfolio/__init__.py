"""The assignment of chapter 3: one account and many assets, on personal numbers."""

from cascadelab.course.task import Assignment
from cascadelab.course.tasks.portfolio import common_factor, pooled, shares, unsigned, walk

ASSIGNMENT = Assignment(
    chapter="portfolio",
    title="Assignment 3 · One account, many assets",
    tasks=(pooled.TASK, walk.TASK, shares.TASK, common_factor.TASK, unsigned.TASK),
)
