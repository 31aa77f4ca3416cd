"""Task 1, compute: the safe state, and the first round."""

import functools
from collections.abc import Sequence

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.course import asks
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.capstone import market
from cascadelab.platforms import impact_matrix


def book_of(given: Given) -> Book:
    """The accounts, as the book has them."""
    return Book(given["cash"], [[float(q) for q in given[name]] for name in market.NAMES], given["asset_weight"])


@functools.lru_cache(maxsize=8)
def spread(d1: float, d2: float, d3: float, conductance: float) -> np.ndarray:
    """Impact matrix of the three markets by the book; arbitrage joins the first two."""
    links = np.zeros((3, 3))
    links[0, 1] = links[1, 0] = conductance
    return impact_matrix([d1, d2, d3], links)


def first_at_limit(given: Given) -> float:
    """Smallest fall of A on both venues at which an account is at its limit, by the book."""
    book = book_of(given)
    slack, coins = book.surplus(given["price"]), np.asarray(book.weights)[:, :2].sum(axis=1)
    return float((slack[coins > 0] / coins[coins > 0]).min())


def after_one_round(given: Given) -> list[float]:
    """All prices after the news and the sale of P, by the book."""
    falls = spread(*given["depth"], given["conductance"])[:, 0] * given["P"][0]
    return (np.array(market.after_news(given)) - falls).tolist()


def limit_of_p(given: Given, counted: float) -> float:
    """Price at which P's debt is covered by a share of its coins, by hand."""
    return float(-given["cash"][0] / (counted * given["P"][0]))


def fall_of_p(given: Given) -> float:
    """Fall at which P, the first, is at its limit, by hand."""
    return given["price"][0] - limit_of_p(given, given["asset_weight"])


def first_round(given: Given, *, apart: bool = False, united: bool = False) -> list[float]:
    """Prices after the news and the sale of P, by hand, or with a slip."""
    one, two, three = market.after_news(given)
    if united:
        fall = given["P"][0] / sum(given["depth"][:2])
        return [one - fall, two - fall, three]
    return market.after_sales(given, [one, two, three], [given["P"]], 0.0 if apart else None)


def surplus_of_q(given: Given, price: Sequence[float], counted: float | None = None) -> float:
    """Surplus of Q at these prices, by hand, or with another weight."""
    weight = given["asset_weight"] if counted is None else counted
    return given["cash"][1] + weight * sum(q * p for q, p in zip(given["Q"], price, strict=True))


def no_news(given: Given) -> list[float]:
    """Prices of A after the sale of P alone, without the news."""
    return [price + given["shock"] for price in first_round(given)[:2]]


TASK = Task(
    number=1,
    title="The safe state and the first round",
    kind="compute",
    outcome="write down the impact matrix of markets that arbitrage joins, and its two limits",
    minutes=25,
    draw=market.draw,
    holds=market.is_a_story,
    guaranteed="all are safe at first; P, Q and R are lost in three rounds, without arbitrage P alone; "
    "no surplus is within 0.5 of zero at any step",
    difficulty=digits,
    shows=tuple(market.SHARED),
    parts=(
        Part(
            "1a",
            1,
            "fall that the safe state can bear",
            asks.number(first_at_limit, 0.005, "equation (9.1), set to zero for each account"),
            by_hand=fall_of_p,
        ),
        Part(
            "1b",
            1,
            "prices of A after the first round",
            asks.numbers(lambda g: after_one_round(g)[:2], 0.005, "equation (10.3)"),
            by_hand=lambda g: first_round(g)[:2],
        ),
        Part(
            "1c",
            1,
            "surplus of Q after the first round",
            asks.number(lambda g: book_of(g).surplus(after_one_round(g))[1], 0.05, "equation (9.1)"),
            by_hand=lambda g: surplus_of_q(g, first_round(g)),
        ),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: g["price"][0] - limit_of_p(g, 1.0),
            "There its equity is zero; the venue acts when the surplus is, with the weight.",
        ),
        Slip(
            ("1a",),
            lambda g: g["asset_weight"] * fall_of_p(g),
            "A fall reaches the surplus through the weight.",
        ),
        Slip(
            ("1a",),
            lambda g: limit_of_p(g, g["asset_weight"]),
            "That is the price at the limit; asked is the fall.",
        ),
        Slip(
            ("1b",),
            lambda g: first_round(g, apart=True)[:2],
            "Arbitrage carries a part of the sale to the other venue.",
        ),
        Slip(
            ("1b",),
            lambda g: first_round(g, united=True)[:2],
            "That is one price for both venues; the conductance is finite.",
        ),
        Slip(("1b",), no_news, "The news came first, and its fall stays."),
        Slip(("1b",), lambda g: first_round(g)[1::-1], "Venue 1 comes first in the list."),
        Slip(
            ("1c",),
            lambda g: surplus_of_q(g, first_round(g), 1.0),
            "That is its equity; the surplus counts what it holds with the weight.",
        ),
        Slip(
            ("1c",),
            lambda g: surplus_of_q(g, market.after_news(g)),
            "The sale of P has lowered the price on venue 2 too.",
        ),
        Slip(
            ("1c",),
            lambda g: surplus_of_q(g, first_round(g, united=True)),
            "That is one price for both venues; the conductance is finite.",
        ),
    ),
    words=market.SHARED,
)
