import math

import numpy as np
import pytest

from cascadelab.distance import figures
from cascadelab.kit import tables
from cascadelab.kit.explore import show


def test_ellipse_touches_the_hyperplane_and_never_crosses_it():
    for correlation in (-0.5, 0.0, 0.7, 1.0):
        picture = show(figures.most_likely_scenario, correlation=correlation)
        radius = picture.facts["σ-distance of X"]
        r_a, r_b = figures.ellipse(radius, correlation)
        gap = r_a + r_b + 20  # X is liquidated where the returns of A and B add up to less than −20 %
        assert gap.min() > -1e-9
        assert gap.min() < 0.02
        assert picture.facts["return of A (%)"] + picture.facts["return of B (%)"] == pytest.approx(-20)


def test_widget_reports_fatter_tails_where_they_are():
    facts = show(figures.ellipse_and_tail, correlation=0.7, degrees_of_freedom=4).facts
    assert facts["Student-t probability"] > 4 * facts["Gaussian probability"]


def test_three_accounts_stand_at_their_distances():
    facts = show(figures.three_accounts, correlation=0.7).facts
    assert facts["σ-distance of Y"] < facts["σ-distance of X"] < facts["σ-distance of Z"]
    assert facts["σ-distance of Y"] == pytest.approx(0.06 / (0.6 / math.sqrt(365)))


def test_lines_of_the_three_accounts_are_their_hyperplanes():
    picture = show(figures.three_accounts, correlation=0.7)
    lines = [line for line in picture.canvas.figure.axes[0].lines if len(line.get_xdata()) == 2][2:]
    for (normal, offset), line in zip(figures.ROWS.values(), lines, strict=True):
        for r_a, r_b in zip(*np.array(line.get_data()) / 100, strict=True):
            assert normal @ (figures.PRICES * (1 + np.array([r_a, r_b]))) == pytest.approx(offset)


def test_mirrored_path_meets_the_barrier_where_the_path_does():
    picture = show(figures.reflected_path)
    path, mirror = picture.canvas.figure.axes[0].lines[:2]
    first = mirror.get_xdata()[0]
    at = np.searchsorted(path.get_xdata(), first)
    assert path.get_ydata()[at] <= 85 < path.get_ydata()[:at].min()
    assert path.get_ydata()[at] * mirror.get_ydata()[0] == pytest.approx(85**2)
    assert picture.facts["touching, 7 days"] == pytest.approx(0.1424, abs=2e-4)


def test_crash_picture_agrees_with_the_compiled_table():
    table, found = tables.load("crash_correlations"), figures.crash_intervals()
    for k, episode in enumerate(table["episode"]):
        for during, column in ((0, "correlation_before"), (1, "correlation_during")):
            mean, low, high = found[str(episode), during]
            assert mean == pytest.approx(table[column][k], abs=5e-4)
            assert low < mean < high


def test_correlation_rose_clearly_in_three_crashes_and_not_in_the_fourth():
    found = figures.crash_intervals()
    rose = {episode: found[episode, 1][1] > found[episode, 0][2] for episode in figures.EPISODES}
    assert rose == {"2020-03": True, "2021-05": True, "2022-05": True, "2025-10": False}
    assert len(show(figures.crash_correlations).facts) == 4


def test_conditioning_shows_no_rise_without_a_threshold():
    facts = show(figures.conditioning, threshold=0.0).facts
    assert facts["days chosen"] == 4000
    assert facts["measured correlation"] == pytest.approx(0.7, abs=1e-12)
    assert facts["Forbes–Rigobon says"] == pytest.approx(0.7, abs=1e-12)
    assert show(figures.conditioning, threshold=2.0).facts["measured correlation"] > 0.9
