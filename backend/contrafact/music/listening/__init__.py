"""Listening: recordings become notes (`transcription`), one line (`melody`), and a melody in bars (`recording`)."""
