"""Orders as durable jobs: what is funded on the chain is run to its end, tried again, or stopped with a reason."""
