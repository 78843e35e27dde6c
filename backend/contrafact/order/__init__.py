"""The life of an order on the operator's side: quote, then verify, generate, record, commit, pay out, deliver."""
