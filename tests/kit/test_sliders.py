import pytest

from cascadelab.kit.sliders import Choice, Slider


def test_samples_are_both_ends_and_the_middle():
    assert Slider(0.0, 10.0, 2.0, 1.0).samples == (0.0, 5.0, 10.0)
    assert Slider(1.0, 100.0, 10.0, 0.1, log=True).samples == (1.0, 10.0, 100.0)
    assert Choice(("a", "b"), "b").samples == ("a", "b")


def test_choice_starts_at_its_first_option():
    assert Choice(("a", "b")).start == "a"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"low": 0, "high": 1, "start": 2, "step": 0.1}, r"start must lie in \[0, 1\], got 2"),
        ({"low": 1, "high": 1, "start": 1, "step": 0.1}, "start must lie in"),
        ({"low": 0, "high": 1, "start": 0, "step": 0}, "step must be positive, got 0"),
        ({"low": 0, "high": 1, "start": 1, "step": 0.1, "log": True}, "low must be positive on a log slider, got 0"),
        ({"low": 0, "high": 1, "start": 0.25, "step": 0.1}, "start must be a whole number of steps above 0, got 0.25"),
        ({"low": 1, "high": 10, "start": 2, "step": 0.1, "log": True}, "start must be a whole number of steps above 1"),
    ],
)
def test_impossible_sliders_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Slider(**arguments)


def test_impossible_choices_are_refused():
    with pytest.raises(ValueError, match="options must name at least two"):
        Choice(("a", "a"))
    with pytest.raises(ValueError, match="start must be one of"):
        Choice(("a", "b"), "c")
