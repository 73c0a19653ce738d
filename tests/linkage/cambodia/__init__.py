"""Tests of the Cambodian model."""
