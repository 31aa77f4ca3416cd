import pytest

from cascadelab.kit.notation import TERMS, notation, symbol, term


def test_symbols_carry_their_assumptions():
    assert symbol("maintenance_rate").is_nonnegative
    assert symbol("quantity").is_real
    assert symbol("quantity").is_positive is None


def test_table_of_a_chapter_shows_its_own_terms_and_the_whole_table_all():
    assert len(notation("account").rows) == sum(t.chapter == "account" for t in TERMS)
    assert len(notation().rows) == len(TERMS)
    assert notation().header[-1] == "chapter"


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"identifier must be registered in kit\.notation, got 'speed'"):
        term("speed")
    with pytest.raises(ValueError, match="chapter must be one of start_here"):
        notation("prologue")
