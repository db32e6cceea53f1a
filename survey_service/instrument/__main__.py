"""`python -m survey_service.instrument`: check every shipped definition; exit status 1 if one is unfit."""

import sys

from survey_service.instrument import catalog

if __name__ == "__main__":
    sys.exit("\n".join(catalog.faults()) or 0)
