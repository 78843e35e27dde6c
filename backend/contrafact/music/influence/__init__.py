"""Which training works made the base what it is: estimates of influence from gradients (docs/influence.md)."""
