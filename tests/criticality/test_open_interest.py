import numpy as np
import pytest

from cascadelab.criticality import initial_rate_at_open_interest


def test_rate_rises_from_the_base_to_one_between_the_caps():
    found = initial_rate_at_open_interest(0.2, [0.0, 1.0, 1.25, 2.0, 9.0], 1.0, 2.0)
    np.testing.assert_allclose(found, [0.2, 0.2, 0.4, 1.0, 1.0])


def test_rule_that_is_off_and_caps_that_are_equal():
    assert initial_rate_at_open_interest(0.2, 1.5, 0.0, 0.0) == 0.2
    assert initial_rate_at_open_interest(0.2, [1.0, 1.5], 1.0, 1.0).tolist() == [0.2, 1.0]


def test_bad_input_of_the_rate_is_named():
    with pytest.raises(ValueError, match="lower_cap must be at most the upper cap 1, got 2"):
        initial_rate_at_open_interest(0.2, 1.5, 2.0, 1.0)
    for place, name in enumerate(("initial_rate", "open_interest", "lower_cap", "upper_cap")):
        values = [0.2, 1.5, 1.0, 2.0]
        values[place] = -1.0
        with pytest.raises(ValueError, match=name):
            initial_rate_at_open_interest(*values)
