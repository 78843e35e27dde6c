"""Music: reading scores, tokens, the mixture model, generation with attribution, rendering."""
