"""What a token that cannot stand where it does is most likely to mean."""

from __future__ import annotations

from typing import NamedTuple

from hquant_cffi.dsl.beginning import is_dash_comment
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.foreign import ACTIONS, STATEMENTS
from hquant_cffi.dsl.tokens import KEYWORDS, Token

__all__ = ["END", "report_unexpected"]

END = "$END"

_VALUES = frozenset({"NAME", "NUMBER", "INTEGER", "LPAR", "MINUS"})
_ARITHMETIC = frozenset({"PLUS", "MINUS", "STAR", "SLASH"})
_OPERATORS = _ARITHMETIC | {"OR", "AND", "COMPARE", "LSQB", "DOT", "PERIOD"}
_ACTIONS = frozenset({"BUY", "SELL", "HOLD"})
_CLAUSES = frozenset({"SIZE", "STOP", "TARGET", "TRAIL"})
_SPELLING = {
    "EQUAL": "'='", "LPAR": "'('", "RPAR": "')'", "LSQB": "'['", "RSQB": "']'", "COMMA": "','",
    "RANGE": "'..'", "PERCENT": "'%'", "NAME": "a name", "INTEGER": "a whole number",
    "NUMBER": "a number", END: "the end of the line",
}  # fmt: skip


class _Place(NamedTuple):
    """Where reading stopped: the token, those before it, and what could have stood there."""

    token: Token
    before: list[Token]
    after: list[Token]
    expected: frozenset[str]

    @property
    def found(self) -> str:
        return _SPELLING[END] if self.token.type == END else self.token.text

    def behind(self, *kinds: str) -> bool:
        """Whether the tokens before end in these."""
        return tuple(token.type for token in self.before[-len(kinds) :]) == kinds

    @property
    def statement(self) -> str:
        return self.before[0].type if self.before else ""

    @property
    def wants_value(self) -> bool:
        return "NAME" in self.expected and "LPAR" in self.expected


def report_unexpected(
    token: Token, expected: frozenset[str], tokens: list[Token], report: Report
) -> None:
    """Report the token of a statement at which reading stopped, by its most likely reason."""
    if [each.type for each in tokens[:2]] == ["NAME", "EQUAL"] and token.type == "IN":
        message = "only a PARAM has a range: expected PARAM before the name"
        report.error("E1007", tokens[0].span, message, f"PARAM {tokens[0].text} = ...")
        return
    before = [each for each in tokens if each.span.end <= token.span.start and each is not token]
    after = [each for each in tokens if each.span.start >= token.span.end and each is not token]
    place = _Place(token, before, after, expected)
    for explain in _REASONS:
        reason = explain(place)
        if reason is not None:
            code, message, hint = reason
            report.error(code, token.span, message, hint)
            return
    words = f"expected {_describe(expected)}, found {place.found}"
    report.error("E1005", token.span, words, _hint(place))


_Reason = tuple[str, str, str | None]


def _chained_comparison(at: _Place) -> _Reason | None:
    if at.token.type != "COMPARE" or "AND" not in at.expected:
        return None
    message = f"comparisons do not chain: expected AND or OR, found {at.found}"
    return "E1006", message, "write a < b AND b < c"


def _single_equal(at: _Place) -> _Reason | None:
    if at.token.type != "EQUAL" or not at.expected & {"COMPARE", "AND"}:
        return None
    return "E1010", "= assigns: expected a comparison, found =", "== compares"


def _dash_comment(at: _Place) -> _Reason | None:
    if not is_dash_comment([at.token, *at.after], 0):
        return None
    return "E1009", "unexpected --", "a comment begins with #"


def _bars_back(at: _Place) -> _Reason | None:
    if not at.behind("LSQB"):
        return None
    if at.token.type == "MINUS":
        hint = "x[n] looks n bars back: the future is not known"
        return "E2019", "x[n] cannot look ahead: expected a whole number from 0, found -", hint
    hint = "such as close[1]; with a PARAM write LAG(x, n)"
    return "E1015", f"x[n] takes a whole number, found {at.found}", hint


def _stray_bracket(at: _Place) -> _Reason | None:
    kinds = [token.type for token in at.before]
    opened = sum(kind in ("LPAR", "LSQB") for kind in kinds)
    closed = sum(kind in ("RPAR", "RSQB") for kind in kinds)
    if at.token.type not in ("RPAR", "RSQB") or opened > closed:
        return None
    hint = "take it away, or open one before"
    return "E1004", f"unexpected {at.found}: no bracket is open", hint


def _missing_then(at: _Place) -> _Reason | None:
    if "THEN" not in at.expected:
        return None
    word = at.token.text
    is_near = at.token.type == "NAME" and (
        did_you_mean(word, ["THEN"]) is not None or word.upper() in ("DO", "THAN", "GO")
    )
    has_then = any(token.type == "THEN" for token in at.after)
    is_comma = at.token.type == "COMMA" and at.after[:1] and at.after[0].type in _ACTIONS
    if at.token.type in _ACTIONS | {END} or is_comma or (is_near and not has_then):
        hint = "did you mean THEN?" if is_near else "IF condition THEN BUY"
        return "E1011", f"expected THEN before the action, found {at.found}", hint
    return None


def _no_action(at: _Place) -> _Reason | None:
    if not at.behind("THEN"):
        return None
    word = at.token.text.upper()
    near = f"write {ACTIONS[word]}" if word in ACTIONS else did_you_mean(word, sorted(_ACTIONS))
    hint = near or "IF condition THEN BUY"
    if at.token.type == "NAME" and [each.type for each in at.after[:1]] == ["EQUAL"]:
        hint = "a rule gives a signal; names are assigned in lines of their own"
    return "E1012", f"expected BUY, SELL or HOLD, found {at.found}", hint


def _foreign_statement(at: _Place) -> _Reason | None:
    word = at.token.text.upper()
    if at.token.type != "NAME" or word not in STATEMENTS or "NAME" in at.expected:
        return None
    return "E1013", f"there is no statement {at.token.text}", STATEMENTS[word]


def _param_value(at: _Place) -> _Reason | None:
    if at.statement != "PARAM" or at.token.type == END:
        return None
    is_number_wanted = at.expected <= {"NUMBER", "INTEGER"}
    if not is_number_wanted and at.token.type not in _ARITHMETIC:
        return None
    hint = "write the number; what depends on others is a name: x = 2 * n"
    if at.token.type == "MINUS" and is_number_wanted:
        hint = "negate it where it is used, as -name"
    return "E1014", f"a PARAM's numbers are plain literals, found {at.found}", hint


def _empty_argument(at: _Place) -> _Reason | None:
    ends = at.token.type in ("COMMA", "RPAR")
    is_empty = at.behind("COMMA") or (at.behind("NAME", "LPAR") and at.token.type == "COMMA")
    if not (ends and is_empty and at.wants_value):
        return None
    return "E1018", f"expected an argument, found {at.found}", "take one comma away"


def _per_cent(at: _Place) -> _Reason | None:
    if at.token.type == "PERCENT":
        hint = "% stands once, as the last word of a clause: SIZE 50%"
        return "E1019", "unexpected %", hint
    if at.behind("PERCENT") and at.token.type in _OPERATORS:
        hint = "% ends a clause and covers its whole expression"
        return "E1019", f"expected the end of the clause behind %, found {at.found}", hint
    return None


def _argument_of_action(at: _Place) -> _Reason | None:
    if len(at.before) < 2 or not at.behind("LPAR") or at.before[-2].type not in _ACTIONS:
        return None
    action = at.before[-2].text
    hint = f"the size is a clause: {action} SIZE {at.found}"
    if at.token.type not in ("NUMBER", "INTEGER"):
        hint = f"write {action} alone, or with clauses: {action} SIZE 50% STOP 2 * ATR(14)"
    return "E1020", f"{action} takes no arguments, found {at.found}", hint


def _keyword_as_name(at: _Place) -> _Reason | None:
    if at.expected != {"NAME"} or at.token.text.upper() not in KEYWORDS:
        return None
    word = at.token.text
    hint = f"choose another name, such as my_{word.lower()}"
    return "E2005", f"{word} is a keyword and cannot be a name", hint


_REASONS = (
    _dash_comment,
    _stray_bracket,
    _chained_comparison,
    _bars_back,
    _argument_of_action,
    _param_value,
    _single_equal,
    _foreign_statement,
    _no_action,
    _missing_then,
    _per_cent,
    _empty_argument,
    _keyword_as_name,
)


def _describe(expected: frozenset[str]) -> str:
    """What could stand here, in words; an operator nearly always could, so it is named last."""
    rest = set(expected)
    words: list[str] = []
    if rest >= {"NAME", "LPAR", "NUMBER"}:
        rest -= _VALUES | {"NOT"}
        words.append("an expression")
    elif rest & {"STAR", "OR"}:
        rest -= _OPERATORS | {"LPAR", "EQUAL"}
        words += [] if rest - {END} else ["an operator"]
    if "NUMBER" in rest:
        rest.discard("INTEGER")
    if rest >= _ACTIONS:
        rest -= _ACTIONS
        words.append("BUY, SELL or HOLD")
    if rest >= _CLAUSES:
        rest -= _CLAUSES | {"LPAR"}
        words.append("a clause (SIZE, STOP, TARGET, TRAIL)")
    ends = [_SPELLING[END]] if END in rest else []
    words = sorted(_SPELLING.get(kind, kind) for kind in rest - {END}) + words + ends
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else words[0]


def _hint(at: _Place) -> str | None:
    token, expected = at.token, at.expected
    if token.type == "PLUS" and at.wants_value:
        return "there is no sign +: leave it out"
    if token.type == "NOT" and "NAME" in expected:
        return "put it in parentheses: (NOT a)"
    if token.type == "EQUAL" and at.before and at.before[-1].type in _CLAUSES:
        return f"a clause takes its value without =: {at.before[-1].text} 50%"
    if token.type == "STEP" and at.statement == "PARAM":
        return "STEP stands behind a range: IN 5..50 STEP 5"
    if token.type == "LPAR" and at.behind("DOT", "NAME"):
        return f"functions have no prefix: write {at.before[-1].text.upper()}(...)"
    if token.type in KEYWORDS - {"THEN", "AND", "OR"} and "NAME" in expected:
        return f"{token.text} is a keyword; a name must be another word"
    if token.type == END and expected & {"STAR", "LPAR"}:
        return "to go on in the next line, put the expression in parentheses"
    if at.behind("DOT"):
        return "an output is a name, such as BOLL(20, 2).upper"
    if expected == {"EQUAL"}:
        return f"write {at.before[0].text} {at.before[-1].text} = {at.found}"
    near = did_you_mean(token.text, sorted(expected & KEYWORDS)) if token.type == "NAME" else None
    if near is None and "AND" in expected and token.type in _VALUES:
        return "put an operator between the two, such as AND or +"
    return near or _last_hint(at)


def _last_hint(at: _Place) -> str:
    if at.wants_value:
        return "a value stands here, such as close or RSI(14)"
    if at.token.type == END:
        return "the statement is not complete"
    return f"take {at.found} away, or write what is missing before it"
