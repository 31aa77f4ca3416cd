"""A thousand shocks on 200,000 accounts, the ladder against rounds: `pytest tests/benchmarks -n0 --benchmark-enable`.

The numbers in brackets are the ratios. Without that flag each way answers a few shocks, and only agreement is tested.
"""

import numpy as np
import pytest

from cascadelab.cascade import Ladder
from cascadelab.impact import Linear

rng = np.random.default_rng(2026)
THRESHOLDS, QUANTITIES = rng.uniform(50.0, 100.0, 200_000), rng.exponential(1.0, 200_000)
IMPACT = Linear(0.8 * 50.0 / QUANTITIES.sum())
SHOCKS = rng.uniform(60.0, 99.0, 1_000)
FEW = SHOCKS[:10]
BUILT = Ladder(THRESHOLDS, QUANTITIES)


def by_rounds(shocks):
    """Rescan all accounts each round: what a simulator does that keeps no order."""
    prices = []
    for shocked in shocks:
        price, sold, now = shocked, -1.0, QUANTITIES[shocked < THRESHOLDS].sum()
        while now != sold:
            sold = now
            price = IMPACT.price(shocked, sold)
            now = QUANTITIES[price < THRESHOLDS].sum()
        prices.append(price)
    return np.array(prices)


def ladder_with_build(shocks):
    return Ladder(THRESHOLDS, QUANTITIES).response(shocks, IMPACT).price


def ladder_after_build(shocks):
    return BUILT.response(shocks, IMPACT).price


@pytest.mark.parametrize("way", [by_rounds, ladder_with_build, ladder_after_build], ids=lambda way: way.__name__)
@pytest.mark.benchmark(group="1,000 shocks on 200,000 accounts")
def test_shocks(benchmark, way):
    shocks = FEW if benchmark.disabled else SHOCKS
    prices = benchmark.pedantic(way, (shocks,), rounds=3 if way is by_rounds else 15, warmup_rounds=1)
    assert prices[: FEW.size] == pytest.approx(by_rounds(FEW), rel=1e-11)
