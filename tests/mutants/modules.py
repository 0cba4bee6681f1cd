"""Which modules are mutated, by which tests each is covered, and which mutants behave as the original."""

MODULES = {
    "exchange/core/transitions.py": ["tests/core/test_transitions.py"],
    "programs/rules.py": ["tests/programs/test_rules.py"],
    "placements/rules.py": ["tests/placements/test_rules.py"],
    "profiles/domain/visibility.py": ["tests/profiles/test_visibility.py"],
    "applications/domain/offers.py": ["tests/applications/test_offers.py"],
    "placements/domain/decisions.py": ["tests/placements/test_decisions.py", "tests/placements/test_places.py"],
}
"""The smallest set of tests that covers the module: it runs once for every mutant."""

LEFT_OUT = [
    # A union of types, of filters or of sets is no arithmetic: every change of it fails at once.
    r"core/ReplaceBinaryOperator_Bit.*",
    r"core/ReplaceBinaryOperator_(?!Add_Sub|Sub_Add|Mul_Add|Div_Mul|FloorDiv_Mul|Mod_Mul|Pow_Mul)",
    # Of comparisons: the border (< for <=) and the opposite. States and names have no order.
    r"core/ReplaceComparisonOperator_(?!Eq_NotEq|NotEq_Eq|Lt_LtE|Lt_Gt$|LtE_Lt|LtE_Gt$|Gt_GtE|Gt_Lt$|GtE_Gt|GtE_Lt$|Is_IsNot|IsNot_Is)",
    r"core/ReplaceUnaryOperator_(?!USub_UAdd|Delete_Not)",
    # Wherever a name is read they put other names of the function: thousands of mutants that all fail at once.
    r"core/Variable(Replacer|Inserter)",
]
"""Operators of cosmic-ray that are not used."""

EQUIVALENT: dict[str, dict[str, str]] = {
    "*": {"@dataclass(frozen=False)": "No code writes to these objects: frozen tells the reader and the type checker so."},
    "exchange/core/transitions.py": {
        "_by_name: dict[str, Transition] = field(init=False, repr=False, compare=True)": "Equal rows make equal dictionaries.",
    },
    "programs/rules.py": {
        "OPEN_ENDED = 10001": "Any number above one place says the same.",
        "OPEN_ENDED = 9999": "Any number above one place says the same.",
        "continue": "The windows are sorted: the later ones begin later still, and none of them is reached.",
        "reserved: int = -1": "A reserve below zero keeps as many places as none.",
        "lead_days: int = -1": "A wish below zero is as short as none.",
    },
}
"""By module ("*": every one) and mutated line: why no test can tell it from the original. Whatever else survives fails the run."""
