import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Book
from cascadelab.platforms.strict import crowded_weight, strict_prices

PRICES = st.floats(0.1, 1000.0)


@pytest.mark.parametrize(("deposits", "weight"), [(40_000 * 25.0, 4500.0), (60_000 * 25.0, 3000.0)])
def test_published_weight_beyond_its_start(deposits, weight):
    """Drift's own test `spot_market_scale_initial_asset_weight`: a coin at 25, and a start of 500,000."""
    assert 1e4 * crowded_weight(0.9, deposits, 500_000.0) == pytest.approx(weight, abs=1e-9)


@given(price=PRICES, mean=PRICES, held=st.floats(-5.0, 5.0))
def test_strict_prices_give_the_lower_of_two_surpluses(price, mean, held):
    owned, owed = strict_prices(price, mean)
    book = Book([100.0], [[max(held, 0.0), min(held, 0.0)]])
    both = [Book([100.0], [[held]]).surplus([p])[0] for p in (price, mean)]
    assert book.surplus([owned, owed])[0] == pytest.approx(min(both))


def test_weight_of_a_crowded_asset_never_lets_its_total_count_for_more_than_at_the_start():
    deposits = np.linspace(1.0, 9.0, 33)
    counted = crowded_weight(0.8, deposits, 3.0) * deposits
    assert counted == pytest.approx(0.8 * np.minimum(deposits, 3.0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: strict_prices(0.0, 1.0), "price must be positive"),
        (lambda: strict_prices(1.0, -1.0), "smoothed_price must be positive"),
        (lambda: crowded_weight(1.2, 1.0, 1.0), r"asset_weight must be in \(0, 1\]"),
        (lambda: crowded_weight(0.9, 0.0, 1.0), "deposits must be positive"),
        (lambda: crowded_weight(0.9, 1.0, 0.0), "deposits_start must be positive"),
        (lambda: crowded_weight([0.9, 0.8], [1.0, 2.0, 3.0], 1.0), "the shapes do not broadcast"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
