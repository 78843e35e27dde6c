"""Twenty example pieces on one page, each with its sources, shares, piano roll and inspected statistics."""
