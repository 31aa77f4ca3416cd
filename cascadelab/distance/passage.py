"""The way matters, not only the end: the probability of touching a barrier within the horizon."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.distance.probability import sigmas
from cascadelab.kit import validate
from cascadelab.kit.validate import Floats

MONITORING_SHIFT = 0.5825971579390107  # −ζ(1/2)/√(2π), in standard deviations of one step
LARGE = 1e300  # so many standard deviations are as good as infinitely many


def first_passage_probability(
    spot: ArrayLike, barrier: ArrayLike, volatility: ArrayLike, horizon: ArrayLike, drift: ArrayLike = 0.0
) -> float | Floats:
    """Probability that a price touches a barrier, below or above it, within the horizon.

    The price is a geometric Brownian motion watched without a pause. With the log distance a = |ln(b/p₀)|, and the
    log drift v = μ − σ²/2 counted positive away from the barrier:

        P = Φ((−a − vT)/(σ√T)) + e^{−2va/σ²} Φ((−a + vT)/(σ√T))

    Parameters
    ----------
    spot : array_like          p₀, price now, numeraire per unit, > 0
    barrier : array_like       b, price that liquidates, > 0: below the spot for a long, above it for a short
    volatility : array_like    σ, per √year, > 0
    horizon : array_like       T, years, > 0
    drift : array_like         μ, drift of the price (not of its logarithm), per year

    Returns
    -------
    float or ndarray           probability in [0, 1]; 1 where the barrier equals the spot. The function can not know
                               that a price has already passed its barrier: a barrier above the spot is a short's

    Raises
    ------
    ValueError                 a value is not finite, or a price, volatility or horizon is not positive

    Notes
    -----
    Equation (4.18); `theory.first_passage_probability` is the symbolic twin, for a barrier below. At zero *log* drift,
    μ = σ²/2, it is exactly twice the probability of ending beyond the barrier. With `drift=0` it is less than twice
    for a barrier below and more for one above, the more so the longer the horizon.

    Examples
    --------
    >>> print(f"{first_passage_probability(100, 85, 0.8, 7 / 365):.6f}")
    0.154293
    """
    from scipy import special

    p0, b, sigma, time, mu = validate.broadcast(
        spot=validate.positive("spot", spot),
        barrier=validate.positive("barrier", barrier),
        volatility=validate.positive("volatility", volatility),
        horizon=validate.positive("horizon", horizon),
        drift=validate.finite("drift", drift),
    )
    log_distance = np.log(b) - np.log(p0)
    root = np.sqrt(time)
    with np.errstate(over="ignore", under="ignore"):
        away = np.clip(np.abs(log_distance) / sigma / root, 0, LARGE)
        run = np.clip(-np.sign(log_distance) * (mu / sigma - sigma / 2) * root, -LARGE, LARGE)
        # e^{−2va/σ²} Φ(·), written so that neither factor overflows: erfcx carries the tail where Φ is tiny
        tail = special.erfcx(np.maximum(away - run, 0) / np.sqrt(2)) / 2 * np.exp(-((away + run) ** 2) / 2)
        body = np.exp(-2 * away * np.maximum(run, 0)) * special.ndtr(run - away)
        total = special.ndtr(-away - run) + np.where(run > away, body, tail)
    return validate.scalar_or_array(np.where(b == p0, 1.0, np.clip(total, 0, 1)))


def portfolio_first_passage(z: ArrayLike) -> float | Floats:
    """Probability that an account touches its liquidation hyperplane within the horizon.

    For prices in driftless *arithmetic* Brownian motion, watched without a pause, exactly twice the probability of
    ending beyond it:

        P = 2 Φ(−z) for z > 0, and 1 for z ≤ 0,    z = S / √(ωᵀ Σ ω)

    Parameters
    ----------
    z : array_like      σ-distance with the covariance of the returns over the whole horizon; may be infinite

    Returns
    -------
    float or ndarray    probability in [0, 1]

    Raises
    ------
    ValueError          z is not a number

    Notes
    -----
    Equation (4.15); `theory.portfolio_first_passage` is the symbolic twin. Geometric motion differs from it over long
    horizons; chapter 4, "Break it", measures by how much.

    Examples
    --------
    >>> print(f"{portfolio_first_passage(2.0):.4f}")
    0.0455
    """
    from scipy import special

    return validate.scalar_or_array(np.minimum(1.0, 2 * special.ndtr(-sigmas("z", z))))


def monitored_barrier(
    spot: ArrayLike, barrier: ArrayLike, volatility: ArrayLike, interval: ArrayLike
) -> float | Floats:
    """Barrier that, watched without a pause, is touched about as often as `barrier` looked at once an interval.

    It lies further away, by 0.5826 standard deviations of one step (Broadie, Glasserman and Kou):

        b e^{± ζ(1/2)/√(2π) σ √Δt},    ζ(1/2)/√(2π) = −0.5826,   + below the spot, − above it

    Parameters
    ----------
    spot : array_like          p₀, price now, numeraire per unit, > 0
    barrier : array_like       b, the barrier that is looked at, > 0 and different from the spot
    volatility : array_like    σ, per √year, > 0
    interval : array_like      Δt, years between two looks, > 0

    Returns
    -------
    float or ndarray           numeraire per unit, for `first_passage_probability`

    Raises
    ------
    ValueError                 a value is not positive, or the barrier equals the spot

    Notes
    -----
    Equation (4.20); `theory.monitored_barrier` is the symbolic twin. It leaves an error that vanishes faster than one
    over the root of the number of looks within the horizon, which this function does not see. It needs many looks,
    and a distance of not many σ√T: eight steps away with four looks, it gives 0.55 of the true probability.

    Examples
    --------
    >>> print(f"{monitored_barrier(100, 85, 0.8, 1 / 365):.4f}")
    82.9515
    """
    p0, b, sigma, step = validate.broadcast(
        spot=validate.positive("spot", spot),
        barrier=validate.positive("barrier", barrier),
        volatility=validate.positive("volatility", volatility),
        interval=validate.positive("interval", interval),
    )
    if (b == p0).any():
        raise ValueError(f"barrier must differ from the spot, got {b[b == p0].flat[0]:.12g}")
    side = np.where(b < p0, -1, 1)
    return validate.scalar_or_array(b * np.exp(side * MONITORING_SHIFT * sigma * np.sqrt(step)))


def max_leverage(
    maintenance_rate: ArrayLike, volatility: ArrayLike, horizon: ArrayLike, probability: ArrayLike
) -> float | Floats:
    """Highest leverage of a long position whose probability of liquidation within the horizon is tolerated.

    Assumes a geometric Brownian motion of zero *log* drift (a price drift of μ = σ²/2), watched without a pause:

        L_max = 1 / (1 − (1 − m) e^{−u}),    u = Φ⁻¹(1 − P/2) σ √T

    Parameters
    ----------
    maintenance_rate : array_like    m, fraction of notional at mark, in [0, 1)
    volatility : array_like          σ, per √year, > 0
    horizon : array_like             T, years, > 0
    probability : array_like         P, tolerated probability of liquidation, in (0, 1)

    Returns
    -------
    float or ndarray                 leverage, notional over equity, ≥ 1

    Raises
    ------
    ValueError                       an argument is outside its range or not finite

    Notes
    -----
    Equation (4.19); `theory.max_leverage` is the symbolic twin. At zero *price* drift a long of this leverage is
    liquidated more often than P: 6.8 % instead of 5 % for σ = 1.12 and 30 days.

    Examples
    --------
    >>> print(f"{max_leverage(0.005, 0.80, 1 / 365, 0.01):.3f}")
    9.369
    """
    from scipy import special

    m, sigma, time, tolerated = validate.broadcast(
        maintenance_rate=validate.fraction("maintenance_rate", maintenance_rate),
        volatility=validate.positive("volatility", volatility),
        horizon=validate.positive("horizon", horizon),
        probability=validate.probability("probability", probability),
    )
    move = -special.ndtri(tolerated / 2) * sigma * np.sqrt(time)
    return validate.scalar_or_array(np.asarray(1 / (m - (1 - m) * np.expm1(-move))))
