"""Voiceloop 客声: what customers say becomes recovered customers and proven improvements."""

__version__ = "0.1.0"
