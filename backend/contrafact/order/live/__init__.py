"""Live orders: played bar by bar while their makers listen and move the weights, then settled for what was played.

What was played lies in the order's folder, a file for each bar, so that a killed service goes on or settles it.
"""
