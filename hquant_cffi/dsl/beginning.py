"""How statements begin: what begins none, and lines that are the rest of the one before."""

from __future__ import annotations

from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.foreign import STATEMENTS
from hquant_cffi.dsl.lex import Statement
from hquant_cffi.dsl.tokens import KEYWORDS, Token

__all__ = ["begins_statement", "is_dash_comment", "joined"]

_INFIX = frozenset({"OR", "AND", "COMPARE", "PLUS", "MINUS", "STAR", "SLASH"})
_CLAUSES = frozenset({"SIZE", "STOP", "TARGET", "TRAIL"})
_ACTIONS = frozenset({"BUY", "SELL", "HOLD"})


def joined(statements: list[Statement], report: Report) -> list[Statement]:
    """Join lines that are the rest of the one before; each is reported, and all is read as one."""
    result: list[Statement] = []
    for statement in statements:
        if result and _goes_on(result[-1], statement):
            first = statement.tokens[0]
            report.error(
                "E1016",
                first.span,
                f"expected the statement to end with its line, found {first.text}",
                "to go on in the next line, put the expression in parentheses"
                if first.type not in _CLAUSES | _ACTIONS | {"THEN"}
                else "THEN, the action and its clauses stand in the line of IF",
            )
            before = result.pop()
            is_broken = before.is_broken or statement.is_broken
            statement = Statement(before.tokens + statement.tokens, is_broken)
        result.append(statement)
    return result


def _goes_on(before: Statement, statement: Statement) -> bool:
    if not before.tokens or not statement.tokens or is_dash_comment(statement.tokens, 0):
        return False
    first, second = statement.tokens[0], statement.tokens[1:2]
    is_assigned = bool(second) and second[0].type == "EQUAL"
    if is_assigned or first.type in ("IF", "PARAM"):
        return False
    is_rule = before.tokens[0].type == "IF"
    if first.type in _CLAUSES | _ACTIONS | {"THEN"}:
        return is_rule
    has_begun = is_rule or [t.type for t in before.tokens[:2]] == ["NAME", "EQUAL"]
    return has_begun and (
        first.type in _INFIX or before.tokens[-1].type in _INFIX | {"NOT", "EQUAL", "IF", "THEN"}
    )


def is_dash_comment(tokens: list[Token], index: int) -> bool:
    """Whether a token begins a comment as SQL and Lua have it, with two dashes."""
    pair = tokens[index : index + 2]
    return [token.text for token in pair] == ["-", "-"] and pair[0].span.end == pair[1].span.start


def begins_statement(tokens: list[Token], report: Report) -> bool:
    """Whether tokens begin a statement; what begins none is reported."""
    first = tokens[0]
    second = tokens[1] if len(tokens) > 1 else None
    is_assigned = second is not None and second.type == "EQUAL"
    is_name = first.type == "NAME"
    is_rule = first.type == "IF" and not is_assigned
    if first.type == "PARAM" or is_rule or (is_name and is_assigned):
        return True
    if is_dash_comment(tokens, 0):
        report.error("E1009", first.span, "unexpected --", "a comment begins with #")
    elif is_assigned and first.text.upper() in KEYWORDS:
        report.error(
            "E2005",
            first.span,
            f"{first.text} is a keyword and cannot be assigned",
            f"choose another name, such as my_{first.text.lower()}",
        )
    elif is_name and first.text.upper() in STATEMENTS and not _is_call(second):
        hint = STATEMENTS[first.text.upper()]
        report.error("E1013", first.span, f"there is no statement {first.text}", hint)
    elif second is not None and _lacks_equal(tokens):
        found = f"expected = behind {first.text}, found {second.text}"
        report.error("E1007", second.span, found, _hint(tokens))
    else:
        found = f"expected PARAM, IF or name =, found {first.text}"
        report.error("E1007", first.span, found, _hint(tokens))
    return False


def _lacks_equal(tokens: list[Token]) -> bool:
    """Whether tokens are an assignment but for its =."""
    kinds = [token.type for token in tokens]
    is_named = kinds[0] == "NAME" and kinds[1:2] != ["LPAR"] and kinds[2:3] != ["EQUAL"]
    return is_named and "THEN" not in kinds


def _is_call(second: Token | None) -> bool:
    return second is not None and second.type == "LPAR"


def _hint(tokens: list[Token]) -> str | None:
    first, kinds = tokens[0], [token.type for token in tokens]
    if first.type in _CLAUSES:
        return "the clauses of a rule stand in its line"
    if first.type in _ACTIONS:
        return f"a rule says when: IF condition THEN {first.text}"
    if first.type == "NAME":
        near = did_you_mean(first.text, ["PARAM", "IF"])
        if near is not None:
            return near
    if "THEN" in kinds:
        return "a rule begins with IF"
    if kinds[:2] == ["NAME", "NAME"]:
        return f"a name is one word: {first.text}_{tokens[1].text} = ..."
    if kinds[:2] == ["NAME", "COMPARE"] and tokens[1].text == "==":
        return f"= assigns: {first.text} = ..."
    if kinds[:2] == ["NAME", "NUMBER"] or kinds[:2] == ["NAME", "INTEGER"]:
        return f"= assigns: {first.text} = {tokens[1].text}"
    return "give the expression a name, or make it a rule: IF condition THEN BUY"
