"""How each file format becomes a `Draft`, and a draft a `Score`. `music.readers` is the way in."""
