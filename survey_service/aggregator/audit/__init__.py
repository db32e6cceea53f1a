"""The independent audit: a reader who believes every figure of a report and asks what follows.

``audit`` turns each published figure into a claim about unknown whole numbers (``reading``, ``figures``) and
asks by integer programming what no table of answers can avoid (``alone``, ``joint``, ``system``): what
everyone in a part answered, what one insider learns of another, how closely a small group is known.
``structure`` asks whether the report shows anything that the rules do not know. The audit shares no
arithmetic with the code that makes reports, but to compute derived figures again.
"""

from survey_service.aggregator.audit.claims import Insider
from survey_service.aggregator.audit.finding import Finding
from survey_service.aggregator.audit.reader import NoReport, audit
from survey_service.aggregator.audit.system import SolverMissing

__all__ = ["Finding", "Insider", "NoReport", "SolverMissing", "audit"]
