import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cascadelab.kit import style


def seen_with(kind, colour):
    """Colour as a reader with a colour-vision deficiency sees it (matrices of Machado and others, 2009)."""
    matrix = {
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        "none": np.eye(3),
    }[kind]
    return np.clip(np.asarray(matrix) @ to_rgb(colour), 0, 1)


@pytest.mark.parametrize("kind", ["none", "protan", "deutan"])
def test_roles_differ_in_colour_or_in_line_style(kind):
    for first, second in itertools.combinations(style.ROLES.values(), 2):
        apart = np.linalg.norm(seen_with(kind, first["color"]) - seen_with(kind, second["color"])) > 0.15
        assert apart or first["linestyle"] != second["linestyle"] or first["linewidth"] != second["linewidth"]


@pytest.mark.parametrize("role", ["price", "equity", "maintenance", "liquidated", "safe", "guide"])
def test_lines_stand_out_from_the_paper(role):
    def luminance(colour):
        channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return np.dot(channels, [0.2126, 0.7152, 0.0722])

    contrast = (luminance(style.PAPER) + 0.05) / (luminance(style.color(role)) + 0.05)
    assert contrast > 3.0  # the level that accessibility guidelines ask of graphics


def test_areas_and_points_follow_their_role():
    assert style.area("liquidated")["hatch"]
    assert style.area("safe")["hatch"] is None
    assert style.point("liquidated")["marker"] != style.point("safe")["marker"]
    assert style.point("equity")["marker"] == "s"


def test_unknown_role_is_refused():
    with pytest.raises(ValueError, match="role must be one of price, equity"):
        style.line("profit")
