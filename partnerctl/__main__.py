"""``python -m partnerctl``."""

import sys

from partnerctl.cli import main

if __name__ == "__main__":
    sys.exit(main())
