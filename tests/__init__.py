"""Tests of Voiceloop, in the shape of its source."""
