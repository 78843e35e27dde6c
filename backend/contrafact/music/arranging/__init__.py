"""Accompaniment by rule to a melody that is made bar by bar. The rules are told in docs/arranging.md."""

from contrafact.music.arranging.arranger import Arranger
from contrafact.music.arranging.chords import Chord
from contrafact.music.arranging.expression import melody_velocity
from contrafact.music.arranging.notes import PARTS, ArrangedNote

__all__ = ["PARTS", "ArrangedNote", "Arranger", "Chord", "melody_velocity"]
