"""The running example of the book: three accounts, two assets, two platforms, and a fall in the price of one asset.

The numbers are invented, small enough to follow by hand. The rules are the simplest that tell the whole story: one
price for each asset on both platforms, a fixed fall of that price for each unit sold, and an account that is sold
out completely once it is liquidated. Later chapters take these rules apart one by one.
"""

from dataclasses import dataclass

import numpy as np

from cascadelab.kit.validate import Floats, fraction, non_negative, read_only, single

ASSETS = ("A", "B")
PRICES = read_only(np.array([100.0, 50.0]))  # numeraire per unit, the same on both platforms
IMPACT = read_only(np.array([0.5, 0.2]))  # how far one sold unit lowers the price of its own asset
ASSET_WEIGHT = 0.9  # one minus the maintenance rate of 10 %, for both assets

ACCOUNTS = ("X", "Y", "Z")
PLATFORMS = (1, 2, 2)  # where each account is held
QUANTITIES = read_only(np.array([[10.0, 20.0], [0.0, 30.0], [5.0, 10.0]]))  # units of A and B
CASH = read_only(np.array([-1620.0, -1269.0, -650.0]))  # negative = debt to the platform

ISOLATED_ACCOUNTS = ("XA", "XB", "Y", "Z")  # X split into two accounts, each with one asset and half of the debt
ISOLATED_PLATFORMS = (1, 1, 2, 2)
ISOLATED_QUANTITIES = read_only(np.array([[10.0, 0.0], [0.0, 20.0], [0.0, 30.0], [5.0, 10.0]]))
ISOLATED_CASH = read_only(np.array([-810.0, -810.0, -1269.0, -650.0]))


@dataclass(frozen=True, eq=False)
class Story:
    """What happens, stage by stage: stage 0 is before the fall, stage 1 after it, then one for each round of sales.

    accounts, platforms : N names, and where they are held
    prices : (stages, 2)            price of A and B
    equity, surplus : (stages, N)   value of each account, and the same with its assets counted at the asset weight;
                                    after the sale of an account, both are the result of the sale: what is given back
                                    to the owner (positive) or left unpaid (negative)
    sold : (stages, N, 2)           units of A and B that each account sells on the way to the stage
    proceeds, repaid, returned, bad_debt : (N,)   what the sales bring in; the part that repays the platform; the part
                                    that is left for the owner; the debt that nobody has paid. Zero without a sale.
    stopped_at_zero : True if a sale would have pushed a price below zero; that price then stays at zero

    >>> [story(0.25).sellers(stage) for stage in (1, 2, 3)]
    [(), ('X',), ('Y',)]
    """

    accounts: tuple[str, ...]
    platforms: tuple[int, ...]
    prices: Floats
    equity: Floats
    surplus: Floats
    sold: Floats
    proceeds: Floats
    repaid: Floats
    returned: Floats
    bad_debt: Floats
    stopped_at_zero: bool

    @property
    def liquidated(self) -> tuple[str, ...]:
        """Names of the accounts that are sold: by round, and within a round in the order of `accounts`."""
        return tuple(name for together in self.rounds for name in together)

    @property
    def rounds(self) -> tuple[tuple[str, ...], ...]:
        """Names of the accounts that are sold together, round by round."""
        return tuple(self.sellers(stage) for stage in range(2, len(self.sold)))

    @property
    def left_to_owners(self) -> Floats:
        """What each account is worth to its owner in the end; an owner owes nothing beyond the account."""
        return read_only(np.maximum(self.equity[-1], 0.0))

    def sellers(self, stage: int) -> tuple[str, ...]:
        """Names of the accounts that are sold on the way to `stage`."""
        if stage not in range(len(self.sold)):
            raise ValueError(f"stage must be one of 0 to {len(self.sold) - 1}, got {stage!r}")
        sells = self.sold[stage].any(axis=1)
        return tuple(name for name, yes in zip(self.accounts, sells, strict=True) if yes)

    def platform_loss(self, platform: int) -> float:
        """Bad debt that is left on a platform: what its accounts still owe after everything in them is sold."""
        if isinstance(platform, bool) or platform not in self.platforms:
            raise ValueError(f"platform must be one of {sorted(set(self.platforms))}, got {platform!r}")
        return float(self.bad_debt[np.array(self.platforms) == platform].sum())


def story(fall: float, *, impact_a: float = 0.5, impact_b: float = 0.2, isolated: bool = False) -> Story:
    """Let the price of A fall once, and sell accounts round by round until nobody is below zero.

    In each round every account with a negative surplus 0.9 · (value of its assets) + cash sells all that it holds;
    accounts of one round sell together. Each unit lowers the price of its asset by the impact, and all units are
    filled at the price after the last of them (end-price fill). The next round looks at the new prices.

    Parameters
    ----------
    fall : float                 fall of the price of A, a fraction in [0, 1)
    impact_a, impact_b : float   fall of the price of A or B for each unit of it that is sold, ≥ 0
    isolated : bool              True: X holds its A and its B in two separate accounts with half of the debt each

    Returns
    -------
    Story                        read-only arrays; see there

    Raises
    ------
    ValueError                   a value is not a single finite number, the fall is outside [0, 1), an impact is
                                 negative, or `isolated` is neither True nor False

    Notes
    -----
    Chapter 0. A price can not fall below zero: it stops there, and `stopped_at_zero` says so.

    Examples
    --------
    >>> told = story(0.25)
    >>> told.liquidated, f"{told.platform_loss(1):.2f}", f"{told.platform_loss(2):.2f}"
    (('X', 'Y'), '0.00', '69.00')
    """
    if not isinstance(isolated, bool):
        raise ValueError(f"isolated must be True or False, got {isolated!r}")
    left = 1.0 - single("fall", fall, fraction)
    impact = np.array(
        [single(name, value, non_negative) for name, value in (("impact_a", impact_a), ("impact_b", impact_b))]
    )
    accounts, platforms = (ISOLATED_ACCOUNTS, ISOLATED_PLATFORMS) if isolated else (ACCOUNTS, PLATFORMS)
    holdings, debt = (ISOLATED_QUANTITIES, -ISOLATED_CASH) if isolated else (QUANTITIES, -CASH)
    price, cash, held, units, stopped = PRICES, -debt, holdings, 0.0 * holdings, False
    stages = [_stage(price, cash, held, units)]
    price = price * [left, 1.0]
    while True:
        stages.append(_stage(price, cash, held, units))
        units = held * (stages[-1][2] < 0)[:, np.newaxis]
        if not units.any():
            break
        wanted = price - impact * units.sum(axis=0)
        price, stopped = np.maximum(wanted, 0.0), stopped or bool((wanted < 0).any())
        cash, held = cash + units @ price, held - units

    out = (held == 0).all(axis=1)
    proceeds = np.where(out, cash + debt, 0.0)
    repaid = np.minimum(proceeds, debt)
    prices, equity, surplus, sold = (read_only(np.array(values)) for values in zip(*stages, strict=True))
    return Story(
        accounts, platforms, prices, equity, surplus, sold,
        proceeds=read_only(proceeds),
        repaid=read_only(repaid),
        returned=read_only(proceeds - repaid),
        bad_debt=read_only(np.where(out, debt - repaid, 0.0)),
        stopped_at_zero=stopped,
    )  # fmt: skip


def _stage(price: Floats, cash: Floats, held: Floats, units: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    value = held @ price
    return price, value + cash, ASSET_WEIGHT * value + cash, units
