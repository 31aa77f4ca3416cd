"""The notation of parts III and IV, many assets and many platforms: chapters 9 and later."""

from __future__ import annotations

from cascadelab.kit.terms_one import NON_NEGATIVE, POSITIVE, REAL, Term

# fmt: off
MANY_MARKETS: tuple[Term, ...] = (
    # contagion
    Term("account_density", "g_S", "accounts per numeraire", "accounts of a type whose surplus lies within one numeraire of zero", "contagion", POSITIVE),
    Term("shocks", r"\delta p_s", "numeraire per unit", "moves of the prices without forced trades, one after another", "contagion", REAL),
    Term("sales", "J", "units per unit of price", "units of asset a that a fall of one in price b forces to be sold", "contagion", REAL),
    Term("impact_matrix", r"\Lambda", "numeraire per unit²", "fall of price a for each unit of asset b sold", "contagion", REAL),
    Term("feedback", "K", "–", "fall of price a that is forced by a fall of one in price b", "contagion", REAL),
    Term("spectral_radius", "r(K)", "–", "largest size of an eigenvalue of K: the branching ratio of several assets", "contagion", NON_NEGATIVE),
    Term("window", r"w_{\mathrm{near}}", "fraction", "move of every price against an account within which it counts as near its limit", "contagion", POSITIVE),
    Term("own", r"k_{\mathrm{own}}", "–", "feedback of a price on itself, the same for both assets", "contagion", REAL),
    Term("cross", r"k_{\mathrm{cross}}", "–", "feedback of a price on the other, the same both ways", "contagion", REAL),
    Term("fundamental", r"\rho_0", "–", "correlation of the shocks, before anything is sold", "contagion", REAL),
    Term("endogenous", r"\rho_{\mathrm{endo}}", "–", "correlation of the prices, forced flow included", "contagion", REAL),
    Term("holders", r"N_{\mathrm{h}}", "–", "number of holders, each with the same legs", "contagion", POSITIVE),
    Term("zero_density", r"g_0", "–", "share of the holders whose surplus lies within one margin of zero, per margin", "contagion", POSITIVE),
    Term("assets", r"M_{\mathrm{a}}", "–", "number of assets, or of equal legs", "contagion", POSITIVE),
    Term("signs", r"\mathcal{Z}", "–", "diagonal matrix of the sign with which every account holds each asset", "contagion", REAL),
    Term("venue_capital", r"\mathcal{E}_{\mathrm{v}}", "numeraire", "what a venue itself would pay of a bad debt, after its insurance fund", "contagion", NON_NEGATIVE),
    # platforms
    Term("depth", "d_k", "units per unit of price", "depth of market k: units whose sale lowers its price by one, 1/λ", "platforms", NON_NEGATIVE),
    Term("conductance", r"c_{\mathrm{arb}}", "units per unit of price", "units that arbitrage carries from one market to another for a gap of one", "platforms", NON_NEGATIVE),
    Term("carried", r"f_{\mathrm{arb}}", "units", "units that arbitrage has carried from market 1 to market 2", "platforms", REAL),
    Term("laplacian", r"\mathcal{L}", "–", "Laplacian of the graph of joined markets", "platforms", REAL),
    Term("spare_depth", r"\underline{d}_k", "units per unit of price", "depth that forced sellers leave on market k, d − g", "platforms", REAL),
    Term("unwinding", r"g_{\mathrm{arb}}", "units per unit of price", "units of arbitrage that are closed by force for a gap that widens by one", "platforms", NON_NEGATIVE),
    Term("marks", r"\mathcal{W}", "–", "share of the price of market b in the mark price of venue a", "platforms", NON_NEGATIVE),
    Term("routes", r"\mathcal{X}", "–", "share of the forced sales of venue b that is sold on market a", "platforms", NON_NEGATIVE),
    Term("own_share", r"\psi_{\mathrm{own}}", "fraction", "share of its own market's price in the mark price of a venue", "platforms", NON_NEGATIVE),
    Term("smoothed_price", r"p_{\mathrm{smooth}}", "numeraire per unit", "time average of a price", "platforms", POSITIVE),
    Term("deposits", r"\mathcal{D}", "numeraire", "value of all deposits of an asset on a platform", "platforms", POSITIVE),
    Term("deposits_start", r"\mathcal{D}_0", "numeraire", "deposits from which the weight of an asset falls", "platforms", POSITIVE),
    Term("thinning", r"\theta_{\mathrm{d}}", "per unit of price", "rate at which depth thins as the price falls", "platforms", POSITIVE),
    Term("critical_fall", r"x_{\mathrm{c}}", "numeraire per unit", "fall after which a thinning market is critical", "platforms", NON_NEGATIVE),
    Term("rate_after", r"m_{\mathrm{after}}", "fraction", "maintenance rate after the venue has raised it", "platforms", NON_NEGATIVE),
    Term("margin_reaction", r"m_{\mathrm{react}}", "per unit of price", "rise of the maintenance rate for a fall of the price by one", "platforms", NON_NEGATIVE),
)
# fmt: on
