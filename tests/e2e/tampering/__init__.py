"""What cheats would do, and that an audit finds it: one honest order, tampered with in every way we could think of."""
