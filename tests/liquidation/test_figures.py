import pytest

from cascadelab.impact import Linear
from cascadelab.kit.explore import show
from cascadelab.liquidation import figures, sale_to_target, toxic_threshold


@pytest.mark.parametrize("ratio", [0.93, 0.95, 0.96, 0.98])
def test_bites_end_well_on_one_side_of_the_frontier_only(ratio):
    facts = show(figures.bites, loan_to_value=ratio, close_factor=0.3, bonus=0.045, moving="no").facts
    assert facts["frontier"] == toxic_threshold(0.045)
    assert (facts["ending"] == "healthy") == (ratio < facts["frontier"]) == (facts["bad debt at the end"] == 0)
    assert (facts["loan to value after one bite"] < ratio) == (ratio < facts["frontier"])


def test_bars_and_path_are_the_bites():
    picture = show(figures.bites, loan_to_value=0.97, close_factor=0.5, bonus=0.045, moving="no")
    left, right = picture.canvas.figure.axes
    heights = [bar.get_height() for bar in left.patches][: figures.SHOWN + 1]
    assert heights[0] == pytest.approx(3.0)
    assert heights[7] == pytest.approx(-picture.facts["bad debt at the end"])
    assert right.lines[0].get_ydata()[1] == pytest.approx(picture.facts["loan to value after one bite"])


@pytest.mark.parametrize("fall", [0.0, 0.1, 0.25])
def test_race_is_taken_at_the_first_step_after_the_closed_form(fall):
    facts = show(figures.race, hourly_fall=fall, cut=0.99, buffer=1.2).facts
    assert 0 <= facts["taken after (minutes)"] - facts["closed form (minutes)"] <= figures.STEP / 60
    assert facts["price paid"] <= facts["closed form of the price"] * (1 + 1e-9)


def test_a_market_that_falls_too_fast_is_never_caught():
    facts = show(figures.race, hourly_fall=0.35, cut=0.99, buffer=1.2).facts
    assert facts["taken after (minutes)"] == "never in a day"
    assert facts["hourly fall that it never catches"] < 0.35


def test_selling_back_shows_the_smallest_sales():
    facts = show(figures.selling_back).facts
    assert facts["smallest sale, walk"] == sale_to_target(Linear(1.0), 100.0, 10.0, -905.0, 0.1, fill="walk")
    assert facts["smallest sale, end price"] == "none"


def test_squeeze_turns_a_healthy_loan_toxic():
    facts = show(figures.squeeze).facts
    assert facts["10%: ending"] == "healthy"
    assert facts["25%: ending"] == "eaten up"
    assert facts["25%: bad debt"] > 0
