"""The one registry of the book's notation: symbol, identifier, unit, meaning, first chapter.

Signatures use the identifier, formulas the symbol; chapter notebooks and appendix A are rendered from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from cascadelab.kit.display import Table

if TYPE_CHECKING:
    import sympy

CHAPTERS = (
    "start_here", "account", "thresholds", "portfolio", "distance", "impact", "liquidation", "cascade", "criticality",
    "contagion", "platforms", "clearing", "speed", "options", "history",
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One line of the notation: `identifier` in code, `symbol` (LaTeX) on the page."""

    identifier: str
    symbol: str
    unit: str
    meaning: str
    chapter: str
    assumptions: dict[str, bool] = field(default_factory=lambda: {"real": True})


POSITIVE = {"positive": True}
NON_NEGATIVE = {"nonnegative": True}
REAL = {"real": True}

# fmt: off
TERMS: tuple[Term, ...] = (
    # start_here
    Term("fall", r"\varphi", "fraction", "fall of the price of A that starts the story", "start_here", NON_NEGATIVE),
    Term("impact_a", r"\lambda_A", "numeraire per unit²", "fall of A for each unit sold", "start_here", NON_NEGATIVE),
    Term("impact_b", r"\lambda_B", "numeraire per unit²", "fall of B for each unit sold", "start_here", NON_NEGATIVE),
    # account
    Term("quantity", "q", "units", "signed size of a position; negative = short or owed", "account", REAL),
    Term("price", "p", "numeraire per unit", "market price at which an account is valued (mark price)", "account", POSITIVE),
    Term("entry_price", "p_e", "numeraire per unit", "price at which a position was opened", "account", POSITIVE),
    Term("margin", "C", "numeraire", "money posted to a position", "account", NON_NEGATIVE),
    Term("leverage", "L", "–", "notional over equity when the position is opened", "account", POSITIVE),
    Term("maintenance_rate", "m", "fraction", "maintenance margin as a fraction of notional", "account", NON_NEGATIVE),
    Term("initial_rate", "m_0", "fraction", "initial margin as a fraction of notional, 1/L", "account", POSITIVE),
    Term("equity", "E", "numeraire", "value of an account: margin plus profit and loss", "account", REAL),
    Term("maintenance", "M", "numeraire", "maintenance margin requirement", "account", NON_NEGATIVE),
    Term("surplus", "S", "numeraire", "equity minus maintenance; liquidatable when negative", "account", REAL),
    Term("margin_ratio", r"\mathrm{MR}", "fraction", "maintenance over positive equity; liquidatable above 1", "account", REAL),
    Term("liquidation_price", r"p_{\mathrm{liq}}", "numeraire per unit", "price at which the surplus is zero", "account", POSITIVE),
    Term("bankruptcy_price", r"p_{\mathrm{bk}}", "numeraire per unit", "price at which the equity is zero", "account", POSITIVE),
    Term("contracts", "Q", "numeraire", "signed size of an inverse contract (for most, dollars)", "account", REAL),
    Term("coin_margin", "B", "coins", "coins posted to an inverse contract", "account", NON_NEGATIVE),
    Term("coin_equity", r"E_{\mathrm{coin}}", "coins", "equity of an inverse contract, counted in coins", "account", REAL ),
    # thresholds
    Term("cash", "c", "numeraire", "cash of an account; negative = debt", "thresholds", REAL),
    Term("notional", "N", "numeraire", "size of a position at a price: its units times the price", "thresholds", NON_NEGATIVE),
    Term("tier_rate", "r_k", "fraction", "maintenance rate of line k of a tier table", "thresholds", NON_NEGATIVE),
    Term("rate_below", "r_{k-1}", "fraction", "maintenance rate of the line before", "thresholds", NON_NEGATIVE),
    Term("deduction", "a_k", "numeraire", "deduction of line k of a tier table (maintenance amount)", "thresholds", REAL ),
    Term("deduction_below", "a_{k-1}", "numeraire", "deduction of the line before", "thresholds", REAL),
    Term("floor", "N_k", "numeraire", "notional from which line k of a tier table binds", "thresholds", NON_NEGATIVE),
    Term("fee_rate", "f", "fraction", "closing fee that a venue adds to maintenance, fraction of notional", "thresholds", NON_NEGATIVE),
    Term("mark_price", "p_m", "numeraire per unit", "mark price at which maintenance is held fixed", "thresholds", POSITIVE),
    Term("intercepts", "c_k", "numeraire", "level of line k of a surplus at price zero", "thresholds", REAL),
    Term("slopes", "n_k", "units", "slope of line k of a surplus in the price", "thresholds", REAL),
    Term("asset_weight", "h", "fraction", "share of its value at which an asset that is owned counts", "thresholds", POSITIVE),
    Term("liability_weight", r"\bar{h}", "–", "multiple of its value at which an asset that is owed counts", "thresholds", POSITIVE),
    Term("debt", "D", "units", "units of the debt asset that are owed", "thresholds", NON_NEGATIVE),
    Term("debt_price", "p_D", "numeraire per unit", "price of the debt asset", "thresholds", POSITIVE),
    Term("collateral", "V_C", "numeraire", "market value of a collateral", "thresholds", NON_NEGATIVE),
    Term("debt_value", "V_D", "numeraire", "market value of a debt", "thresholds", NON_NEGATIVE),
    Term("health_factor", r"\mathrm{HF}", "–", "weighted collateral over debt; liquidatable below 1", "thresholds", REAL ),
    Term("loan_to_value", r"\mathrm{LTV}", "fraction", "debt over collateral, at market prices", "thresholds", NON_NEGATIVE),
    Term("collateral_ratio", r"\mathrm{CR}", "–", "collateral over debt, at market prices; 1/LTV", "thresholds", POSITIVE ),
    Term("minimum_ratio", r"\mathrm{MCR}", "–", "least collateral ratio that is safe; 1/h", "thresholds", POSITIVE),
    # portfolio
    Term("fixed_maintenance", "M_0", "numeraire", "maintenance that no price moves", "portfolio", NON_NEGATIVE),
    Term("plane_difference", r"\delta", "numeraire", "first plane minus second plane of the surplus, at a point", "portfolio", REAL),
    Term("wallet", "W", "numeraire", "money in a margin wallet; c is W less what the positions cost, Σ q p_e", "portfolio", REAL),
    Term("others_profit", r"U_{\mathrm{rest}}", "numeraire", "unrealised profit q (p − p_e) of the other positions", "portfolio", REAL),
    Term("others_maintenance", r"M_{\mathrm{rest}}", "numeraire", "maintenance of the other positions", "portfolio", NON_NEGATIVE),
    Term("normal", "n", "units", "slope of the surplus in each price: one entry per asset", "portfolio", REAL),
    Term("offset", "n_0", "numeraire", "level of a face: the surplus is normal · price − offset", "portfolio", REAL),
    Term("factor_return", "x", "fraction", "return of a common factor that moves all prices", "portfolio", REAL),
    Term("beta", r"\beta", "–", "return of an asset for one unit of the common factor's return", "portfolio", REAL),
    Term("required_margin", "R", "numeraire", "equity needed now to be safe in scenario s, R_{a,s} for leg a; the largest of them in all", "portfolio", REAL),
    Term("margin_efficiency", r"\eta", "fraction", "part of the isolated legs' margin that cross margin saves", "portfolio", REAL),
    # distance
    Term("exposure", r"\omega", "numeraire", "normal times price: what an asset's return of one would add", "distance", REAL),
    Term("returns", "r", "fraction", "return of an asset", "distance", REAL),
    Term("volatility", r"\sigma", "per √year", "standard deviation of a year's returns", "distance", POSITIVE),
    Term("horizon", "T", "years", "time over which one looks ahead", "distance", POSITIVE),
    Term("deviation", "s", "fraction", "standard deviation of a return over the horizon, σ√T", "distance", POSITIVE),
    Term("correlation", r"\rho", "–", "correlation of two returns", "distance", REAL),
    Term("covariance", r"\Sigma", "fraction²", "covariance of the returns over the horizon", "distance", REAL),
    Term("z", "z", "deviations", "σ-distance: the surplus over its own standard deviation", "distance", REAL),
    Term("scenario", "r^{*}", "fraction", "most likely returns that bring an account onto its hyperplane", "distance", REAL),
    Term("multiplier", "y", "per numeraire", "Lagrange multiplier of the hyperplane", "distance", REAL),
    Term("normal_distribution", r"\Phi", "–", "distribution function of the standard normal", "distance", REAL),
    Term("student_distribution", r"t_{\nu}", "–", "distribution function of Student's t", "distance", REAL),
    Term("probability", "P", "–", "probability of liquidation, at the end of the horizon or within it", "distance", POSITIVE),
    Term("degrees_of_freedom", r"\nu", "–", "of Student's t: the smaller, the fatter its tails; above 2 here", "distance", POSITIVE),
    Term("liquidation_correlation", r"\rho_{12}", "–", "correlation of the surpluses of two accounts", "distance", REAL ),
    Term("tail_dependence", r"\chi", "–", "chance that a second account is lost when the first is, far out in the tail", "distance", REAL),
    Term("correlation_after", r"\rho^{\prime}", "–", "correlation after a break", "distance", REAL),
    Term("covariance_after", r"\Sigma^{\prime}", "fraction²", "covariance after a break", "distance", REAL),
    Term("spot", "p_0", "numeraire per unit", "price now", "distance", POSITIVE),
    Term("barrier", "b", "numeraire per unit", "price that liquidates", "distance", POSITIVE),
    Term("log_distance", "a", "–", "size of the log return from the spot to the barrier, |ln(b/p₀)|", "distance", POSITIVE),
    Term("log_return", r"\ell", "–", "log return over the horizon", "distance", REAL),
    Term("drift", r"\mu", "per year", "drift of the price", "distance", REAL),
    Term("log_drift", "v", "per year", "drift of the logarithm of the price, μ − σ²/2", "distance", REAL),
    Term("interval", r"\Delta t", "years", "time between two looks at the price", "distance", POSITIVE),
    Term("variance", "V", "fraction²", "variance of a return (V_A), or of the noise in it (V_ε)", "distance", POSITIVE),
    Term("variance_ratio", r"\theta", "–", "variance of a return on selected days over its usual one", "distance", POSITIVE),
    Term("conditional_correlation", r"\rho_{\theta}", "–", "correlation on selected days", "distance", REAL ),
    Term("level", r"\gamma", "–", "nominal probability with which an interval holds the true value", "distance", POSITIVE),
    # impact
    Term("shocked_price", "p_s", "numeraire per unit", "price after a shock, before anything is sold", "impact", POSITIVE),
    Term("sold", "u", "units", "quantity sold since then, all sales together; negative = bought", "impact", POSITIVE),
    Term("slope", r"\lambda", "numeraire per unit²", "fall of the price for each unit sold (linear impact)", "impact", POSITIVE),
    Term("rate", r"\alpha", "per unit", "fraction of the price that a unit sold takes (exponential impact)", "impact", POSITIVE),
    Term("scale", r"\zeta", "numeraire per unit, per √unit", "fall of the price for the root of the quantity", "impact", POSITIVE),
    Term("reserve", r"\mathcal{R}", "units", "units of the asset in a pool before the sale", "impact", POSITIVE),
    Term("invariant", r"\mathcal{K}", "numeraire · units", "product of the two reserves of a pool", "impact", POSITIVE),
    Term("fills", "u_k", "units", "quantity sold in fill k of a sequence", "impact", REAL),
    Term("proceeds", r"\Pi", "numeraire", "cash that a sale raises", "impact", POSITIVE),
    Term("average_price", r"\bar{p}", "numeraire per unit", "proceeds for each unit sold", "impact", POSITIVE),
    Term("slippage", r"\xi", "fraction", "part of the value at the shocked price that a sale does not raise", "impact", REAL),
    Term("prefactor", "Y", "–", "prefactor of a law of impact; of order one for the square root", "impact", POSITIVE),
    Term("daily_volatility", r"\sigma_{\mathrm{day}}", "per √day", "standard deviation of a day's returns", "impact", POSITIVE),
    Term("volume", r"\mathcal{V}", "units per day", "units that a market trades in a day", "impact", POSITIVE),
    Term("relative_impact", "I", "fraction", "fall of a price, or cost of a sale, as a fraction", "impact", POSITIVE),
    Term("exponent", r"\epsilon", "–", "power of the size with which impact grows", "impact", POSITIVE),
    Term("size_factor", r"\phi", "per √size", "factor by which a venue lets a weight worsen with the root of the size", "impact", NON_NEGATIVE),
    # liquidation
    Term("bonus", "i", "fraction", "liquidation bonus: collateral that a liquidator receives above what it repays", "liquidation", NON_NEGATIVE),
    Term("repaid", "V_R", "numeraire", "market value of the debt that a bite repays", "liquidation", NON_NEGATIVE),
    Term("seized", "V_S", "numeraire", "market value of the collateral that a bite takes", "liquidation", NON_NEGATIVE),
    Term("target_health", "H", "–", "health factor at which a liquidation ends", "liquidation", POSITIVE),
    Term("close_factor", r"f_{\mathrm{c}}", "fraction", "largest part of a debt that one bite repays, or of a position that one step closes", "liquidation", POSITIVE),
    Term("rounds", r"n_{\mathrm{bites}}", "–", "number of bites, or of sales", "liquidation", POSITIVE),
    Term("bad_debt", r"\mathcal{B}", "numeraire", "debt that nobody has paid when everything is sold", "liquidation", NON_NEGATIVE),
    Term("collateral_impact", "I_C", "fraction", "fall of the collateral's price if all of it were sold at the slope of the first unit", "liquidation", NON_NEGATIVE),
    Term("debt_impact", "I_D", "fraction", "rise of the debt asset's price if all of it were bought back at the slope of the first unit", "liquidation", NON_NEGATIVE),
    Term("liquidation_fee", r"f_{\mathrm{liq}}", "fraction", "fee of a forced sale, as a fraction of what is sold", "liquidation", NON_NEGATIVE),
    Term("fund_fee", r"f_{\mathcal{F}}", "fraction", "part of a forced sale that goes to the insurance fund", "liquidation", NON_NEGATIVE),
    Term("fund", r"\mathcal{F}", "numeraire", "money in the insurance fund", "liquidation", NON_NEGATIVE),
    Term("target_rate", r"m_{\mathrm{target}}", "fraction", "margin, as a fraction of notional, at which a partial close ends", "liquidation", NON_NEGATIVE),
    Term("shortage", r"S_{-}", "numeraire", "margin that is missing: minus the surplus", "liquidation", NON_NEGATIVE),
    Term("fill_price", r"p_{\mathrm{fill}}", "numeraire per unit", "price at which a forced sale is filled, on average", "liquidation", NON_NEGATIVE),
    Term("elapsed", "t", "seconds", "time since an auction began", "liquidation", NON_NEGATIVE),
    Term("buffer", r"\mathrm{buf}", "–", "top price of an auction over the market price at its start", "liquidation", POSITIVE),
    Term("decay", r"\vartheta", "per second", "rate at which the price of an auction falls", "liquidation", NON_NEGATIVE),
    Term("market_decay", r"\vartheta_{\mathrm{market}}", "per second", "rate at which the market price falls meanwhile", "liquidation", REAL),
    Term("gas", r"\mathcal{G}", "numeraire", "what it costs a liquidator to act at all", "liquidation", NON_NEGATIVE),
    Term("top_price", r"p_{\mathrm{top}}", "numeraire per unit", "price at which a falling-price auction begins", "liquidation", POSITIVE),
    Term("step", r"\Delta t_{\mathrm{step}}", "seconds", "time between two steps of a staircase auction", "liquidation", POSITIVE),
    Term("cut", r"\mathrm{cut}", "–", "factor by which each step lowers the price of a staircase auction", "liquidation", POSITIVE),
    Term("penalty", r"i_{\mathrm{pen}}", "fraction", "penalty that a vault pays on top of its debt", "liquidation", NON_NEGATIVE),
    Term("room", r"\mathrm{room}", "numeraire", "money that auctions may still have to raise before the venue's limit", "liquidation", NON_NEGATIVE),
    Term("dust", r"\mathrm{dust}", "numeraire", "smallest amount that may be left over", "liquidation", NON_NEGATIVE),
    Term("tab", r"\mathrm{tab}", "numeraire", "money that an auction has to raise", "liquidation", NON_NEGATIVE),
    Term("lot", r"\mathrm{lot}", "units", "collateral that an auction has to sell", "liquidation", NON_NEGATIVE),
    Term("bid", r"\mathrm{bid}", "units", "collateral that a bidder wants", "liquidation", NON_NEGATIVE),
    Term("tip", r"\mathrm{tip}", "numeraire", "fixed reward for starting an auction", "liquidation", NON_NEGATIVE),
    Term("chip", r"\mathrm{chip}", "fraction", "reward for starting an auction, as a fraction of the tab", "liquidation", NON_NEGATIVE),
    Term("slots", r"n_{\mathrm{slots}}", "–", "slots of a chain since a liquidation began", "liquidation", NON_NEGATIVE),
    Term("fee_cap", r"f_{\max}", "fraction", "largest liquidation fee", "liquidation", NON_NEGATIVE),
    Term("protocol_share", r"\pi_{\mathrm{venue}}", "fraction", "part of a bonus that a venue keeps", "liquidation", NON_NEGATIVE),
    Term("passed_share", r"\pi_{\mathrm{passed}}", "fraction", "part of a discount that a venue passes on to its buyer", "liquidation", NON_NEGATIVE),
    Term("gas_share", r"\pi_{\mathcal{G}}", "fraction", "part of the collateral that pays whoever calls the liquidation", "liquidation", NON_NEGATIVE),
    Term("spread_factor", r"\pi_{\mathrm{spread}}", "fraction", "widest discount of a fill price, in maintenance rates", "liquidation", NON_NEGATIVE),
    Term("urgency", r"\pi_{\mathrm{urgency}}", "–", "how fast that discount widens as an account sinks below its maintenance", "liquidation", NON_NEGATIVE),
    Term("seizure_discount", r"\xi_{\mathrm{seize}}", "fraction", "discount at which a venue hands out seized collateral", "liquidation", NON_NEGATIVE),
    # cascade
    Term("threshold", "l_k", "numeraire per unit", "liquidation price of account k; accounts are sorted from the highest", "cascade", POSITIVE),
    Term("impact_curve", "F", "numeraire per unit", "price after u units were sold, from a shocked price: F(p_s, u)", "cascade", POSITIVE),
    Term("supply", "U(p)", "units", "forced sales at a price: units of all accounts whose liquidation price is above it", "cascade", NON_NEGATIVE),
    Term("cumulative", "U_k", "units", "units of the first k accounts", "cascade", NON_NEGATIVE),
    Term("price_map", r"\Psi", "numeraire per unit", "price after the forced sales that a price causes: Ψ(p) = F(p_s, U(p))", "cascade", POSITIVE),
    Term("end_price", "p^{*}", "numeraire per unit", "price at which nobody is left to be sold: a fixed point of Ψ", "cascade", POSITIVE),
    Term("lost", r"\mathcal{S}", "–", "set of accounts that have been liquidated", "cascade", REAL),
    Term("set_map", r"\Gamma", "–", "accounts that are liquidatable once a set of accounts has been sold", "cascade", REAL),
    Term("trigger", r"\tau_k", "numeraire per unit", "shocked price below which account k + 1 is lost, given that the first k are", "cascade", POSITIVE),
    Term("running_minimum", r"\underline{\tau}_k", "numeraire per unit", "smallest of the triggers up to k", "cascade", POSITIVE),
    Term("worst_trigger", r"\tau^{\mathrm{w}}_k", "numeraire per unit", "shocked price below which account k is liquidatable once the first k, itself among them, are sold", "cascade", POSITIVE),
    Term("shocked_prices", r"p_{s,k}", "numeraire per unit", "shocked price of scenario k; here k counts shocks, not accounts", "cascade", POSITIVE),
    # criticality
    Term("kappa", r"\kappa", "–", "branching ratio: units that one unit sold forces to be sold next, on average", "criticality", POSITIVE),
    Term("density", "g", "units per unit of price", "units whose thresholds lie in one unit of price", "criticality", POSITIVE),
    Term("edge", r"p_{\max}", "numeraire per unit", "highest threshold of a uniform book", "criticality", POSITIVE),
    Term("total", "G", "units", "units of a whole book", "criticality", POSITIVE),
    Term("width", "w", "numeraire per unit", "width of a logistic book", "criticality", POSITIVE),
    Term("centre", r"p_{\mathrm{c}}", "numeraire per unit", "middle of a logistic book: half of it has higher thresholds", "criticality", POSITIVE),
    Term("share", r"\psi", "fraction", "part of a book that is liquidated", "criticality", POSITIVE),
    Term("kappa_max", r"\kappa_{\max}", "–", "largest branching ratio along a book", "criticality", POSITIVE),
    Term("seed_sold", r"u_{\mathrm{seed}}", "units", "units that are sold first, whatever the price", "criticality", NON_NEGATIVE),
    Term("target_leverage", r"L_{\mathrm{T}}", "–", "leverage that a holder goes back to after every move", "criticality", POSITIVE),
    Term("liquidations", r"g_{\mathrm{liq}}", "units per unit of price", "units that liquidations sell for a fall of one", "criticality", NON_NEGATIVE),
    Term("stops", r"g_{\mathrm{stop}}", "units per unit of price", "the same for stop orders", "criticality", NON_NEGATIVE),
    Term("leverage_targeting", r"g_{\mathrm{lev}}", "units per unit of price", "the same for holders who keep a leverage", "criticality", NON_NEGATIVE),
    Term("short_gamma", r"g_{\mathrm{gamma}}", "units per unit of price", "the same for hedgers of sold options", "criticality", NON_NEGATIVE),
    Term("sentiment", r"g_{\mathrm{mood}}", "units per unit of price", "the same for others who sell because the price falls", "criticality", NON_NEGATIVE),
    Term("demand", r"g_{\mathrm{buy}}", "units per unit of price", "units that buyers add for a fall of one, beyond the depth", "criticality", NON_NEGATIVE),
    Term("leverage_density", "n_L", "units", "units of the positions opened at leverages L to L + 1", "criticality", NON_NEGATIVE),
    Term("unit_margin", r"m_{\mathrm{u}}", "numeraire per unit", "capital that a unit of a position must be backed by", "criticality", POSITIVE),
    Term("margin_slope", r"m_{\mathrm{u}}^{\prime}", "per unit", "change of that capital with the price; negative = it rises in a fall", "criticality", REAL),
    Term("quantity_before", r"q_{\mathrm{old}}", "units", "position carried into the day, on which a fall makes a loss", "criticality", REAL),
    Term("fundamental", r"p_{\mathrm{f}}", "numeraire per unit", "price at which customers hold no position", "criticality", POSITIVE),
    Term("capital", r"b_{\mathrm{s}}", "numeraire", "capital of those who carry a position, apart from the units that they held before", "criticality", REAL),
    Term("open_interest", r"\mathcal{O}", "numeraire", "open interest of a contract", "criticality", NON_NEGATIVE),
    Term("lower_cap", r"\mathcal{O}_0", "numeraire", "open interest up to which the initial margin stays at its base", "criticality", NON_NEGATIVE),
    Term("upper_cap", r"\mathcal{O}_1", "numeraire", "open interest from which the initial margin is the whole notional; 0 = the rule is off", "criticality", NON_NEGATIVE),
    Term("n", r"n_{\mathrm{t}}", "accounts", "size of an avalanche, its seeds included", "criticality", POSITIVE),
    Term("seeds", "j", "accounts", "accounts that are sold first and start an avalanche", "criticality", POSITIVE),
    Term("generating", "Z", "–", "variable of a generating function", "criticality", REAL),
    Term("generating_function", r"\mathcal{A}", "–", "generating function of the size of an avalanche", "criticality", POSITIVE),
    Term("extinction", r"\pi", "–", "probability that an avalanche ends", "criticality", POSITIVE),
    Term("sizes", r"n_{\mathrm{t},k}", "accounts", "sizes of observed avalanches", "criticality", POSITIVE),
    Term("mean_size", r"\bar{n}_{\mathrm{t}}", "accounts", "their mean", "criticality", POSITIVE),
    Term("gaps", r"\Delta_k", "–", "distance between neighbouring thresholds of a random book, in mean distances", "criticality", NON_NEGATIVE),
    Term("avalanches", r"N_{\mathrm{t}}", "–", "number of observed avalanches", "criticality", POSITIVE),
)
# fmt: on


def written(chapter: str) -> bool:
    """Whether a chapter's package is there; planned chapters have none.

    >>> written("account"), written("prologue")
    (True, False)
    """
    return resources.files("cascadelab").joinpath(chapter, "__init__.py").is_file()


def term(identifier: str) -> Term:
    """Return the registered term, or raise a ValueError that names the identifier."""
    for entry in TERMS:
        if entry.identifier == identifier:
            return entry
    raise ValueError(f"identifier must be registered in kit.notation, got {identifier!r}")


def symbol(identifier: str, label: str | int = "") -> sympy.Symbol:
    """Return the sympy symbol of a registered identifier, with its assumptions.

    A `label` tells one asset, tier or scenario from another: it takes the place of an index k, or follows below.

    >>> symbol("maintenance_rate"), symbol("price", "A"), symbol("tier_rate", 2), symbol("entry_price", "A")
    (m, p_A, r_2, p_{e,A})
    """
    import sympy

    entry = term(identifier)
    return sympy.Symbol(labelled(entry.symbol, label), **entry.assumptions)


def labelled(symbol_text: str, label: str | int = "") -> str:
    """Write a label below a symbol.

    >>> labelled("a_k", 1), labelled("w", "A"), labelled("R", "A,1")
    ('a_1', 'w_A', 'R_{A,1}')
    """
    if label == "":
        return symbol_text
    stem, _, below = symbol_text.partition("_")
    below = str(label) if below in ("", "k") else f"{below.strip('{}')},{label}"
    return f"{stem}_{below}" if len(below) == 1 else f"{stem}_{{{below}}}"


def notation(chapter: str | None = None) -> Table:
    """Table of the notation that `chapter` introduces, or of the whole book."""
    if chapter is not None and chapter not in CHAPTERS:
        raise ValueError(f"chapter must be one of {', '.join(CHAPTERS)}, got {chapter!r}")
    chosen = [t for t in TERMS if chapter in (None, t.chapter)]
    header = ["symbol", "in code", "unit", "meaning"] + (["chapter"] if chapter is None else [])
    rows = [
        [f"${t.symbol}$", f"`{t.identifier}`", t.unit, t.meaning] + ([t.chapter] if chapter is None else [])
        for t in chosen
    ]
    return Table(header, rows)
