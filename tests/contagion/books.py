"""Random books and a brute force that shares nothing with the engine but the definition."""

import numpy as np

from cascadelab.contagion import Book
from cascadelab.impact import Exponential, Linear, SquareRoot


def random_book(rng, accounts, assets, *, signs=None, tie_share=0.2):
    """Book near its threshold, with zero quantities, empty rows and accounts exactly at S = 0; prices with it.

    `signs` are one an asset; None: every quantity has its own.
    """
    price = rng.integers(1, 200, assets).astype(float)
    quantity = rng.integers(0, 6, (accounts, assets)) * rng.choice([0.25, 1.0, 3.0])
    if rng.random() < 0.5:
        quantity = quantity * rng.exponential(1.0, quantity.shape)
    quantity = quantity * (rng.choice([-1.0, 1.0], quantity.shape) if signs is None else signs)
    asset_weight = rng.choice([1.0, 0.9, 0.75], assets if rng.random() < 0.5 else (accounts, assets))
    weights = quantity * np.where(quantity > 0, asset_weight, 1.25)
    distance = rng.exponential(0.2, accounts) * rng.choice([0.1, 1.0])
    distance = np.where(rng.random(accounts) < tie_share, np.round(distance, 1), distance)
    cash = np.abs(weights) @ price * distance - weights @ price
    return Book(cash, quantity, asset_weight=asset_weight, liability_weight=1.25), price


def random_impact(rng, book, price, signs):
    """Curve whose full sale moves prices by a fraction, or several times, of themselves; a coherent matrix too."""
    total = np.abs(np.asarray(book.quantity)).sum(axis=0) + 1.0
    strength = rng.choice([0.0, 0.1, 0.5, 1.0, 3.0])
    kind = rng.integers(0, 4)
    if kind == 0:
        return Linear(strength * price / total)
    if kind == 1:
        return Exponential(strength / total)
    if kind == 2:
        return SquareRoot(strength * price / np.sqrt(total))
    cross = rng.random((price.size, price.size)) * (np.outer(signs, signs) > 0)
    return Linear(strength * cross * price[:, np.newaxis] / total)


def random_shock(rng, price, signs):
    """Prices that hurt: all of them, one of them, or none."""
    fall = rng.choice([0.0, 0.01, 0.1, 0.5, 1.0]) * rng.random(price.size)
    if rng.random() < 0.5:
        fall = fall * (np.arange(price.size) == rng.integers(price.size))
    return np.maximum(price * (1 - signs * fall), 0.0)


def brute_force(book, shocked, impact):
    """Rounds in plain Python floats over plain lists: the liquidated, one by one and all over again each round."""
    cash, weights, quantity = (np.asarray(a).tolist() for a in (book.cash, book.weights, book.quantity))
    dead, price = set(), list(shocked)
    while True:
        now = set(dead)
        for i, c in enumerate(cash):
            surplus = c
            for w, p in zip(weights[i], price, strict=True):
                surplus += w * p
            if surplus < 0:
                now.add(i)
        if now == dead:
            return dead, np.array(price)
        dead = now
        sold = [sum(quantity[i][k] for i in sorted(dead)) for k in range(len(price))]
        price = np.asarray(impact.price(shocked, np.array(sold))).tolist()
