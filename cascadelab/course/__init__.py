"""Course assignments: personal numbers, feedback without the answer, and a grader. The top floor of the house."""

from cascadelab.course.work import assignment

__all__ = ["assignment"]
