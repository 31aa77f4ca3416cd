"""Who pays the bad debt of a cascade: the insurance fund, then the venue, then whoever is left."""

from __future__ import annotations

from dataclasses import dataclass

from cascadelab.kit.validate import non_negative, single


@dataclass(frozen=True)
class Waterfall:
    """Layers that pay, each what those before it left unpaid; all in numeraire.

    bad_debt : float             debt that the sales did not pay
    fund_start, fees : float     money in the insurance fund before the cascade, and fees that the cascade brought it
    fund_paid : float            by the fund, fees included: they count wherever on the way they came in
    venue_paid : float           by the venue's own capital
    unpaid : float               the rest, which is socialised; chapter 11 shares it out

    >>> layers = pay(100.0, fund=50.0, fees=20.0, venue_capital=10.0)
    >>> layers.fund_paid, layers.venue_paid, layers.unpaid, layers.fund_end
    (70.0, 10.0, 20.0, 0.0)
    """

    bad_debt: float
    fund_start: float
    fees: float
    fund_paid: float
    venue_paid: float
    unpaid: float

    @property
    def fund_end(self) -> float:
        """Money in the fund after it has paid."""
        return self.fund_start + self.fees - self.fund_paid


def pay(bad_debt: float, *, fund: float, fees: float, venue_capital: float) -> Waterfall:
    """Let the layers pay; errors are those of `Outcome.waterfall`."""
    start, own = single("fund", fund, non_negative), single("venue_capital", venue_capital, non_negative)
    fund_paid = min(start + fees, bad_debt)
    rest = bad_debt - fund_paid
    venue_paid = min(own, rest)
    return Waterfall(bad_debt, start, fees, fund_paid, venue_paid, rest - venue_paid)
