import numpy as np
import pytest

from cascadelab.portfolio.prices import by_asset, price_of, single_price


def test_prices_are_found_by_asset():
    assert price_of({"A": [1, 2]}, "A").tolist() == [1.0, 2.0]
    assert single_price({"A": np.float64(3.0)}, "A") == 3.0
    assert by_asset({"A": 1.0}) == {"A": 1.0}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: price_of({"A": 1.0}, "B"), r"prices must contain 'B', got only \['A'\]"),
        (lambda: price_of([1.0], "B"), "prices must map each asset to its price"),
        (lambda: price_of({"B": 0.0}, "B"), r"prices\['B'\] must be positive, got 0"),
        (lambda: single_price({"B": [1.0, 2.0]}, "B"), r"prices\['B'\] must be a single number"),
    ],
)
def test_bad_prices_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
