"""The ground floor: what every chapter uses and no chapter provides."""
