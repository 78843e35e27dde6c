"""`python -m hardhat_free_devnet`."""

import sys

from .cli import main

sys.exit(main())
