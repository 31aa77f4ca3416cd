import numpy as np
import pytest

from cascadelab.kit import validate


@pytest.mark.parametrize(
    ("check", "good", "bad", "message"),
    [
        (validate.finite, [-1.0, 2], [1, np.inf], "x must be finite, got inf"),
        (validate.positive, 1, [1, 0], "x must be positive, got 0"),
        (validate.non_negative, [0, 1], -0.5, "x must be at least 0, got -0.5"),
        (validate.fraction, [0, 0.999], 1.0, r"x must be in \[0, 1\), got 1"),
        (validate.share, [0, 1], [0.5, 1.5], r"x must be in \[0, 1\], got 1.5"),
        (validate.positive_share, [0.5, 1], [0, 2], r"x must be in \(0, 1\], got 0"),
        (validate.probability, 0.5, 0.0, r"x must be in \(0, 1\), got 0"),
    ],
)
def test_each_check_returns_floats_or_names_the_value(check, good, bad, message):
    assert check("x", good).dtype == np.float64
    with pytest.raises(ValueError, match=message):
        check("x", bad)


@pytest.mark.parametrize("value", ["a", "3", b"3", ["1", "2"], None, [[1], [1, 2]], True, [True, False], np.True_, 1j])
def test_what_is_not_a_number_is_named(value):
    with pytest.raises(ValueError, match="x must be a number"):
        validate.finite("x", value)


@pytest.mark.parametrize("value", [0, -1, 1.0, True, np.True_, "1", None, float("nan")])
def test_what_is_no_whole_number_is_named(value):
    with pytest.raises(ValueError, match=f"x must be a whole number of at least 1, got {value!r}"):
        validate.count("x", value)


def test_a_count_is_an_int_from_the_least_one():
    assert type(validate.count("x", np.int64(2))) is int
    assert validate.count("x", 0, least=0) == 0
    with pytest.raises(ValueError, match="x must be a whole number of at least 2, got 1"):
        validate.count("x", 1, least=2)


def test_shapes_that_do_not_broadcast_are_named():
    with pytest.raises(ValueError, match=r"the shapes do not broadcast: a \(2,\), b \(3,\)"):
        validate.broadcast(a=np.zeros(2), b=np.zeros(3))


def test_read_only_copies_and_scalars():
    original = np.array([1.0])
    copy = validate.read_only(original)
    original[0] = 2.0
    assert copy[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        copy[0] = 3.0
    assert type(validate.scalar_or_array(np.array(1.0))) is float
    assert validate.scalar_or_array(original) is original


def test_a_single_number_is_a_float_and_an_array_is_named():
    assert type(validate.single("x", 3, validate.finite)) is float
    with pytest.raises(ValueError, match=r"x must be a single number, got an array of shape \(2,\)"):
        validate.single("x", [1.0, 2.0], validate.finite)
    with pytest.raises(ValueError, match="x must be positive, got 0"):
        validate.single("x", 0.0, validate.positive)
