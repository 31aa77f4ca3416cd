import numpy as np
import pytest

from cascadelab.impact import asset_weight_at_size, liability_weight_at_size


def test_published_weights_of_drift():
    """Its own tests: 0.9 and 1.1 at size 1,000 are 0.8357 and 1.1962 with a factor of .01, .2642 and 4.0422 with .1."""
    for factor, asset, liability in ((0.01, 0.8357, 1.1962), (0.1, 0.2642, 4.0422)):
        assert asset_weight_at_size(0.9, 1000.0, factor) == pytest.approx(asset, abs=1e-4)
        assert liability_weight_at_size(1.1, 1000.0, factor) == pytest.approx(liability, abs=1e-4)


def test_published_weights_of_drift_for_open_profit():
    """Its own tests of get_unrealized_asset_weight, base weight 1: the weight of a gain at size N falls with √N."""
    sizes = [22699.050905, 24282.786896, 242827.86896, 2428278.6896, 24282786.896, 242827868.96, 19426229516.8]
    weights = [0.9559, 0.9516, 0.7368, 0.4299, 0.1855, 0.0663, 0.0078]
    np.testing.assert_allclose(asset_weight_at_size(1.0, sizes, 0.001), weights, atol=1e-4)
    assert asset_weight_at_size(1.0, 9_999.0, 0.001) == 1.0


def test_weights_of_small_or_unfactored_sizes_stay():
    assert asset_weight_at_size(0.9, [0.0, 100.0], [0.5, 0.0]).tolist() == [0.9, 0.9]
    assert liability_weight_at_size(1.1, [0.0, 100.0], [0.5, 0.0]).tolist() == [1.1, 1.1]


def test_weights_get_worse_with_size():
    sizes = np.geomspace(1.0, 1e6, 50)
    assert (np.diff(asset_weight_at_size(0.9, sizes, 0.01)) <= 0).all()
    assert (np.diff(liability_weight_at_size(1.1, sizes, 0.01)) >= 0).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: asset_weight_at_size(1.1, 1.0, 0.1), r"asset_weight must be in \[0, 1\], got 1.1"),
        (lambda: liability_weight_at_size(0.0, 1.0, 0.1), "liability_weight must be positive, got 0"),
        (lambda: asset_weight_at_size(0.9, -1.0, 0.1), "notional must be at least 0, got -1"),
        (lambda: liability_weight_at_size(1.1, 1.0, -0.1), "size_factor must be at least 0, got -0.1"),
        (lambda: asset_weight_at_size(0.9, [1.0, 2.0], [0.1] * 3), "do not broadcast"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
