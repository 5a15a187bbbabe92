"""What people write who come from another language, and what they find here instead.

A word that is a function of the indicator table is never looked up here.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

__all__ = ["ACTIONS", "OPERATORS", "STATEMENTS", "Operator", "function_hint"]


class Operator(NamedTuple):
    """An operator of another language.

    `type` and `text` are the token that it stands for, both empty when there is none.
    """

    type: str
    text: str
    hint: str


def _means(type_: str, text: str) -> Operator:
    return Operator(type_, text, f"write {text}")


def _lacks(hint: str) -> Operator:
    return Operator("", "", hint)


_REASSIGNED = _lacks("a name is assigned once: choose another for the new value")
_CHOICE_HINT = "there is no choice inside an expression: write a rule for each case"
_POWER_HINT = "there is no power: x * x is the square, SQRT(x) the root"
_CHOICE = _lacks(_CHOICE_HINT)
_POWER = _lacks(_POWER_HINT)
_BLOCK = _lacks("a rule is one line: IF condition THEN BUY")

OPERATORS: dict[str, Operator] = {
    "&&": _means("AND", "AND"), "&": _means("AND", "AND"), "∧": _means("AND", "AND"),
    "||": _means("OR", "OR"), "|": _means("OR", "OR"), "∨": _means("OR", "OR"),
    "~": _means("NOT", "NOT"), "¬": _means("NOT", "NOT"),
    "<>": _means("COMPARE", "!="), "!==": _means("COMPARE", "!="), "≠": _means("COMPARE", "!="),
    "===": _means("COMPARE", "=="),
    "=>": _means("COMPARE", ">="), "≥": _means("COMPARE", ">="),
    "=<": _means("COMPARE", "<="), "≤": _means("COMPARE", "<="),
    "＞": _means("COMPARE", ">"), "＜": _means("COMPARE", "<"),
    "×": _means("STAR", "*"), "÷": _means("SLASH", "/"),
    "−": _means("MINUS", "-"), "–": _means("MINUS", "-"), "—": _means("MINUS", "-"),
    "（": _means("LPAR", "("), "）": _means("RPAR", ")"), "，": _means("COMMA", ","),
    "…": _means("RANGE", ".."), ":=": _means("EQUAL", "="), "＝": _means("EQUAL", "="),
    ";": Operator("NEWLINE", "", "a statement ends with its line: nothing stands behind it"),
    "+=": _REASSIGNED, "-=": _REASSIGNED, "*=": _REASSIGNED, "/=": _REASSIGNED,
    "++": _lacks("there is no ++ and no sign +: leave one out"),
    "**": _POWER, "^": _POWER,
    "?": _CHOICE, ":": Operator("", "", "a rule is IF condition THEN BUY, without a colon"),
    "{": _BLOCK, "}": _BLOCK,
    "$": _lacks("names begin with a letter or _"), "\\": _lacks(
        "to go on in the next line, put the expression in parentheses"
    ),
}  # fmt: skip

_RULES_ARE_LINES = "a rule is one line: IF condition THEN BUY"
_SECOND_RULE = "write a second rule: rules are tried from the top, the first that is true wins"
_NO_LOOPS = "there are no loops: SUM, HIGHEST, BARSSINCE and x[n] look back"
_PLAIN_ASSIGNMENT = "a name is given without a type: name = expression"

# The words with which statements of other languages begin.
STATEMENTS: dict[str, str] = {
    "ELSE": _SECOND_RULE, "ELIF": _SECOND_RULE, "ELSEIF": _SECOND_RULE, "ELSIF": _SECOND_RULE,
    "END": _RULES_ARE_LINES, "ENDIF": _RULES_ARE_LINES, "BEGIN": _RULES_ARE_LINES,
    "WHEN": "a rule begins with IF", "WHILE": _NO_LOOPS, "FOR": _NO_LOOPS,
    "LET": _PLAIN_ASSIGNMENT, "VAR": _PLAIN_ASSIGNMENT, "CONST": _PLAIN_ASSIGNMENT,
    "INT": _PLAIN_ASSIGNMENT, "FLOAT": _PLAIN_ASSIGNMENT, "DOUBLE": _PLAIN_ASSIGNMENT,
    "BOOL": _PLAIN_ASSIGNMENT, "SET": _PLAIN_ASSIGNMENT,
    "INPUT": "write PARAM name = 14, with a range: PARAM name = 14 IN 5..50 STEP 5",
    "DEF": "there are no functions of one's own: give expressions names",
    "FUNCTION": "there are no functions of one's own: give expressions names",
    "RETURN": "what a strategy answers is its rules: IF condition THEN BUY",
    "IMPORT": "there is nothing to import: all functions are there",
    "FROM": "there is nothing to import: all functions are there",
    "PRINT": "a strategy prints nothing: its rules give signals",
    "PLOT": "a strategy draws nothing: its rules give signals",
    "STRATEGY": "a strategy has no header: its file's name is its name",
}  # fmt: skip

# Words for what BUY, SELL and HOLD do.
ACTIONS: dict[str, str] = {
    "LONG": "BUY", "ENTER": "BUY", "OPEN": "BUY", "COVER": "BUY", "ENTRY": "BUY", "BULL": "BUY",
    "SHORT": "SELL", "EXIT": "SELL", "CLOSE": "SELL", "FLAT": "SELL", "BEAR": "SELL",
    "WAIT": "HOLD", "NONE": "HOLD", "PASS": "HOLD", "SKIP": "HOLD", "NOTHING": "HOLD",
}  # fmt: skip

# Functions by their names elsewhere; of several, the first that this version has.
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "HHV": ("HIGHEST",), "LLV": ("LOWEST",), "REF": ("LAG",), "PREV": ("LAG",),
    "SHIFT": ("LAG",), "DELAY": ("LAG",), "OFFSET": ("LAG",),
    "MAXIMUM": ("HIGHEST",), "MINIMUM": ("LOWEST",), "ROLLING_MAX": ("HIGHEST",),
    "ROLLING_MIN": ("LOWEST",), "HIGHESTHIGH": ("HIGHEST",), "LOWESTLOW": ("LOWEST",),
    "CROSS_OVER": ("CROSSOVER",), "CROSSABOVE": ("CROSSOVER",), "CROSS_ABOVE": ("CROSSOVER",),
    "CROSSES_ABOVE": ("CROSSOVER",), "CROSSUP": ("CROSSOVER",), "CROSS_UP": ("CROSSOVER",),
    "CROSSED_ABOVE": ("CROSSOVER",), "XUP": ("CROSSOVER",),
    "CROSS_UNDER": ("CROSSUNDER",), "CROSSBELOW": ("CROSSUNDER",),
    "CROSS_BELOW": ("CROSSUNDER",), "CROSSES_BELOW": ("CROSSUNDER",),
    "CROSSDOWN": ("CROSSUNDER",), "CROSS_DOWN": ("CROSSUNDER",),
    "CROSSED_BELOW": ("CROSSUNDER",), "XDOWN": ("CROSSUNDER",), "CROSSES": ("CROSS",),
    "BARSLAST": ("BARSSINCE",), "BARS_SINCE": ("BARSSINCE",), "VALUE_WHEN": ("VALUEWHEN",),
    "ISUP": ("RISING",), "INCREASING": ("RISING",), "DECREASING": ("FALLING",),
    "DIFF": ("CHANGE",), "DELTA": ("CHANGE",), "MTM": ("MOM", "CHANGE"), "MOMENTUM": ("MOM",),
    "MOM": ("CHANGE",), "NVL": ("NZ",), "COALESCE": ("NZ",), "FILLNA": ("NZ",), "LN": ("LOG",),
    "AVG": ("SMA",), "AVERAGE": ("SMA",),
    "MEAN": ("SMA",), "MA": ("SMA",), "SIMPLEMA": ("SMA",), "EXPMA": ("EMA",), "XMA": ("EMA",),
    "MOVING_AVERAGE": ("SMA",), "EWMA": ("EMA",), "SMMA": ("RMA",), "WILDER": ("RMA",),
    "WILDERS": ("RMA",), "MMA": ("RMA",), "LWMA": ("WMA",), "HULL": ("HMA",),
    "STD": ("STDDEV",), "STDEV": ("STDDEV",), "STDEVP": ("STDDEV",), "SD": ("STDDEV",),
    "VARIANCE": ("VAR",), "BBANDS": ("BOLL",), "BOLL": ("BBANDS",), "BB": ("BOLL", "BBANDS"),
    "BOLLINGER": ("BOLL", "BBANDS"), "BOLLINGERBANDS": ("BOLL", "BBANDS"),
    "TRANGE": ("TR",), "TRUERANGE": ("TR",), "TRUE_RANGE": ("TR",),
    "AVERAGETRUERANGE": ("ATR",), "KC": ("KELTNER",), "DC": ("DONCHIAN",),
    "KELTNERCHANNEL": ("KELTNER",), "DONCHIANCHANNEL": ("DONCHIAN",),
    "STOCHASTIC": ("STOCH",), "KDJ": ("STOCH",), "WPR": ("WILLR",), "WILLIAMSR": ("WILLR",),
    "PSAR": ("SAR",), "PARABOLICSAR": ("SAR",), "LINEARREG": ("LINREG",),
    "LINEARREG_SLOPE": ("LINREG_SLOPE",), "LINEARREG_ANGLE": ("LINREG_ANGLE",),
    "CORRELATION": ("CORREL",), "DMI": ("ADX",),
}  # fmt: skip

# Functions elsewhere that are no function here.
_OTHERWISE: dict[str, str] = {
    "IIF": _CHOICE_HINT, "IFF": _CHOICE_HINT, "IFELSE": _CHOICE_HINT, "TERNARY": _CHOICE_HINT,
    "POW": _POWER_HINT, "POWER": _POWER_HINT, "SQUARE": _POWER_HINT,
    "AVGPRICE": "write ohlc4", "TYPPRICE": "write hlc3", "MEDPRICE": "write hl2",
}  # fmt: skip


def function_hint(name: str, known: Container[str]) -> str | None:
    """Return what to write for a function of another platform; None when it is none.

    Parameters
    ----------
    name : str
        As it was written, such as ``"ta.crossover"``'s last word, in any case.
    known : container of str
        The functions that exist, upper case.
    """
    upper = name.upper()
    if upper in _OTHERWISE and upper not in known:
        return _OTHERWISE[upper]
    ours = next((each for each in _FUNCTIONS.get(upper, ()) if each in known), None)
    return f"it is called {ours} here" if ours else None
