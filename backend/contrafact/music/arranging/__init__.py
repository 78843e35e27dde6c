"""Accompaniment by rule to a melody that is made bar by bar. The rules are told in docs/arranging.md."""

from contrafact.music.arranging.arranger import VERSION, Arranger, arranger_identity
from contrafact.music.arranging.chords import Chord
from contrafact.music.arranging.expression import melody_velocity
from contrafact.music.arranging.notes import PARTS, ArrangedNote

__all__ = ["PARTS", "VERSION", "ArrangedNote", "Arranger", "Chord", "arranger_identity", "melody_velocity"]
