"""The demo: the whole main job on real music, on a development chain, with fictitious rights holders."""
