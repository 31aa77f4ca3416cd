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
)
# fmt: on
