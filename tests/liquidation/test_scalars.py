import numpy as np
import pytest

from cascadelab.liquidation.scalars import positive_share, share, single


def test_a_single_number_is_a_float_and_an_array_is_refused():
    assert single("tab", np.asarray(3.0)) == 3.0
    with pytest.raises(ValueError, match=r"tab must be a single number, got an array of shape \(2,\)"):
        single("tab", np.zeros(2))


@pytest.mark.parametrize("check", [share, positive_share])
def test_shares_reach_one_and_not_beyond(check):
    assert check("asset_weight", 1.0) == 1.0
    with pytest.raises(ValueError, match=r"asset_weight must be in .0, 1\], got 1.2"):
        check("asset_weight", [0.5, 1.2])


def test_only_a_share_may_be_nothing():
    assert share("asset_weight", 0.0) == 0.0
    with pytest.raises(ValueError, match="close_factor must be positive, got 0"):
        positive_share("close_factor", 0.0)
