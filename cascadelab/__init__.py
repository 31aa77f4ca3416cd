"""cascadelab: an executable textbook on cross-margin liquidation cascades."""
