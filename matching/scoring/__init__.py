"""How well an expert fits a programme: plain Python and numpy, the same for the site, its jobs and `python -m matching`. No Django, no query.

`Model` joins a vocabulary with a table of weights. It turns a person and a programme into vectors over concepts; `ranking` compares all of them
by arrays, `parts` says of one pair why. See docs/decisions/0014-matching-by-arrays.md.
"""

from matching.scoring.model import Model
from matching.scoring.values import Call, Person, Row, Score
from matching.scoring.weights import DEFAULT_WEIGHTS, Weights

__all__ = ["DEFAULT_WEIGHTS", "Call", "Model", "Person", "Row", "Score", "Weights"]
