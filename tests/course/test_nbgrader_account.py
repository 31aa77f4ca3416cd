"""nbgrader's own command line takes the assignment of this chapter from source to grades."""

import pytest

from tests.course import real_nbgrader as real


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return real.teach("account", tmp_path_factory.mktemp("course"))


def test_release_is_the_one_that_we_make(course):
    real.assert_release_is_ours(course)


def test_reference_solution_earns_every_automatic_point(course):
    real.assert_reference_earns_everything(course)


def test_blank_release_earns_nothing(course):
    real.assert_blank_earns_nothing(course)


def test_each_slip_loses_exactly_its_points_and_gets_its_hint(course):
    real.assert_each_slip_loses_its_points_and_gets_its_hint(course)
