"""The capstone: chapters 0 to 10 on one market of two venues, the same personal numbers in every task."""

from cascadelab.course.task import CAPSTONE, Assignment
from cascadelab.course.tasks.capstone import both_venues, grids, halt, healing, safe_state, short

ASSIGNMENT = Assignment(
    chapter=CAPSTONE,
    title="Capstone · One coin, two venues",
    tasks=(safe_state.TASK, both_venues.TASK, healing.TASK, grids.TASK, halt.TASK, short.TASK),
)
