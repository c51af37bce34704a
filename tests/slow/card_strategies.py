"""Random cards of figures, and random facts and sheets for them, as `cards` takes them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .cards import Plain, Tree, World, exact, written

FACTS = ("sales", "consulted_n", "order_n")
INPUTS = ("单评", "多评", "全店数")
LEVELS = (
    {"key": "A", "from": 8, "to": 10},
    {"key": "B", "from": 4.5, "to": 8},
    {"key": "C", "points": 2},
)
SAID_LEVELS = ("A", "A9", "10", "8", "B", "B4.5", "7.75", "C", "2")
PEOPLE = ("甲", "乙", "丙", "丁")

quarters = st.integers(-8, 120).map(lambda one: one / 4)
points_ = st.integers(-5, 20)
maybe = st.booleans()


def optional(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of these keys."""
    return st.fixed_dictionaries({}, optional=choices)


def trees(names: tuple[str, ...]) -> st.SearchStrategy[Tree]:
    """Formulas over these names."""
    name = st.sampled_from(names).map(lambda one: ("name", one))
    number = st.integers(0, 40).map(lambda one: ("number", one / 4))
    facts = st.sampled_from([one for one in names if one in FACTS] or list(names)).map(lambda one: ("name", one))
    team = st.tuples(st.sampled_from(("team_mean", "team_sum", "team_max", "team_min", "team_rank")), facts)
    prev = st.one_of(st.tuples(st.just("prev"), facts), st.tuples(st.just("prev"), facts, number))

    def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        pair = st.sampled_from(("+", "-", "*", "/", "/", "min", "max", "coalesce", "<", ">=", "==", "!=", "and", "or"))
        return st.one_of(
            st.tuples(pair, inner, inner),
            st.tuples(st.sampled_from(("neg", "not", "abs", "floor", "ceil", "known")), inner),
            st.tuples(st.just("round"), inner, st.integers(0, 2).map(lambda one: ("number", one))),
            st.tuples(st.just("if"), inner, inner, inner),
            st.tuples(st.just("pick"), inner, inner, inner),
        )

    return st.recursive(st.one_of(name, name, number, team, prev), grown, max_leaves=5)


@st.composite
def bands(draw: st.DrawFn) -> dict[str, Any]:
    """Bands without gaps, written from either end, with one or both edges."""
    edges = sorted(draw(st.lists(quarters, min_size=1, max_size=3, unique=True)))
    style = draw(st.sampled_from(("from", "to", "both")))
    made = []
    for at in range(len(edges) + 1):
        band: dict[str, Any] = {"points": draw(points_)}
        if at > 0 and style != "to":
            band["from"] = edges[at - 1]
        if at < len(edges) and style != "from":
            band["to"] = edges[at]
        made.append(band)
    return {"bands": made[::-1] if draw(maybe) else made, "closed": draw(st.sampled_from(("from", "to")))}


@st.composite
def ranks(draw: st.DrawFn) -> dict[str, Any]:
    """Points by place."""
    edges = sorted(draw(st.lists(st.integers(1, 4), max_size=2, unique=True)))
    places = [{"to": edge, "points": draw(points_)} for edge in edges] + [{"points": draw(points_)}]
    rule = draw(
        optional(
            best=st.sampled_from(("high", "low")),
            ties=st.sampled_from(("min", "mean", "dense")),
            last=points_,
            last_from=st.integers(2, 4),
            least=st.integers(1, 3),
        )
    )
    return {"rank": {"places": places, **rule}}


@st.composite
def lines_between(draw: st.DrawFn) -> dict[str, Any]:
    """Straight lines between pairs."""
    values = sorted(draw(st.lists(quarters, min_size=2, max_size=3, unique=True)))
    return {"linear": {"pairs": [[one, draw(points_)] for one in values]}}


FUNCTIONS = {
    "bands": bands(),
    "rank": ranks(),
    "linear": lines_between(),
    "per_step": st.fixed_dictionaries(
        {"step": st.sampled_from((0.1, 0.5, 1, 2.5)), "points": st.integers(-2, 3)},
        optional={"start": points_, "floor": st.one_of(st.none(), points_), "cap": points_},
    ).map(lambda rule: {"per_step": rule}),
    "per_count": st.fixed_dictionaries(
        {"full": points_, "minus": st.sampled_from((0.5, 1, 3))},
        optional={"beyond": st.integers(0, 3), "floor": points_},
    ).map(lambda rule: {"per_count": rule}),
    "each": st.fixed_dictionaries({"points": st.integers(-4, 4)}, optional={"floor": points_, "cap": points_}).map(
        lambda rule: {"each": rule}
    ),
    "to_mean": st.fixed_dictionaries(
        {"low": st.just(0.8), "high": st.just(1.2), "points": st.tuples(points_, points_, points_).map(list)},
        optional={"best": st.sampled_from(("high", "low")), "least": st.integers(1, 3)},
    ).map(lambda rule: {"to_mean": rule}),
    "direct": optional(**{"from": st.integers(-6, 0), "to": st.integers(1, 20)}).map(lambda rule: {"direct": rule}),
    "rating": st.fixed_dictionaries(
        {"low": st.integers(-5, 0), "high": st.integers(1, 30)}, optional={"at_low": st.sampled_from((0, 0.5))}
    ).map(lambda rule: {"rating": rule}),
}


@st.composite
def scorings(draw: st.DrawFn, name: str, names: tuple[str, ...], kinds: tuple[str, ...]) -> dict[str, Any]:
    """A value and the function that turns it into points."""
    made: dict[str, Any] = {"id": name, "name": name, "name_en": name}
    kind = draw(st.sampled_from(kinds))
    if kind == "levels":
        made |= {"value": ("name", "等级"), "levels": [dict(one) for one in LEVELS]}
    else:
        made |= {"value": draw(trees(names)), **draw(FUNCTIONS[kind])}
    if draw(st.integers(0, 3)) == 0:
        made["applies"] = draw(trees(names))
    made |= draw(optional(floor=st.integers(-6, 3), cap=st.integers(4, 25)))
    return made


@st.composite
def items(draw: st.DrawFn, at: int, names: tuple[str, ...], groups: tuple[str, ...]) -> dict[str, Any]:
    """An item; the first is no bonus, so that every card has full marks."""
    made = draw(scorings(f"i{at}", names, (*FUNCTIONS, "levels")))
    made["points"] = draw(st.sampled_from((5, 7.5, 10, 20)))
    where = draw(st.sampled_from(("group", "single", "bonus" if at else "single")))
    if where == "group" and groups:
        made["group"] = draw(st.sampled_from(groups))
    elif where == "bonus":
        made["bonus"] = True
    elif draw(st.integers(0, 9)) == 0:
        made["points"] = 0
    if draw(st.integers(0, 3)) == 0:
        made["out_of"] = draw(st.sampled_from((20, 100)))
    return made | ({"red": True} if draw(st.integers(0, 4)) == 0 else {})


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    """A card as plain data, its formulas as trees."""
    base = (*FACTS, *INPUTS, "常数")
    derived = {"派生": {"formula": draw(trees(base))}}
    names = (*base, "派生")
    groups = ("g1", "g2")[: draw(st.integers(0, 2))]
    made = [draw(items(at, names, groups)) for at in range(draw(st.integers(1, 4)))]
    used = {one.get("group") for one in made}
    raters = [{"name": "一", "weight": draw(st.sampled_from((1, 2, 30)))}, {"name": "自评", "weight": 1}]
    grades: list[dict[str, Any]] = [{"name": "优", "from": 60}, {"name": "中", "from": 20}, {"name": "差"}]
    effects: list[dict[str, Any]] = [{}, {"effect": "cap", "cap": 15}, {"effect": "zero"}]
    effects += [{"effect": "grade", "grade": "差"}]
    pay = [
        {"id": one, "name": one, "name_en": one, "formula": draw(trees((*names, "score", *above))), "digits": digits}
        for one, above, digits in (("底", (), draw(st.integers(0, 3))), ("奖", ("底",), 2))
    ]
    return {
        "params": {"常数": {"value": draw(quarters)}},
        "inputs": {
            "单评": {},
            "多评": {
                "raters": raters[: draw(st.integers(0, 2))],
                "missing": draw(st.sampled_from(("wait", "reweigh"))),
            },
            "全店数": {"per": "all"},
            "等级": {"raters": raters[: draw(st.integers(0, 1))]},
        },
        "derived": derived,
        "groups": {
            one: {
                "points": draw(st.sampled_from((10, 30))),
                "na": draw(st.sampled_from(("leave_out", "redistribute", "zero"))),
            }
            for one in groups
            if one in used
        },
        "items": made,
        "adjustments": [
            draw(scorings(f"a{at}", names, tuple(one for one in FUNCTIONS if one != "rating")))
            for at in range(draw(st.integers(0, 2)))
        ],
        "scale": draw(st.sampled_from((100, 100, 50, None))),
        "na": draw(st.sampled_from(("leave_out", "redistribute", "zero"))),
        "top": draw(st.sampled_from((None, 60, 110))),
        "bottom": draw(st.sampled_from((None, 0, -10))),
        "grades": grades,
        "red_lines": draw(st.sampled_from(effects)),
        "ranking": draw(optional(ties=st.sampled_from(("min", "mean", "dense")), least=st.integers(1, 3))),
        "pay": {"lines": pay},
    }


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A card with facts of two months and what people filled in of them."""
    card = draw(cards())
    who = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
    before = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    present = [(2, one) for one in before] + [(3, one) for one in who]
    facts = {
        key: {"session_n": exact(draw(st.integers(0, 4)))}
        | {name: exact(value) for name, value in draw(optional(**dict.fromkeys(FACTS, quarters))).items()}
        for key in present
    }
    said: dict[tuple[int, str, str], dict[str, str]] = {}
    spoken = quarters.map(str)
    for period, one in present:
        for name, values in (("单评", spoken), ("多评", spoken), ("等级", st.sampled_from(SAID_LEVELS))):
            given = draw(optional(一=values, 二=values, 三=values, 自评=values))
            if given:
                said[period, one, name] = given
    for period in (2, 3):
        shop = draw(st.one_of(st.none(), spoken))
        if shop is not None:
            said |= {(period, one, "全店数"): {"一": shop} for at, one in present if at == period}
    return World(card, facts, said)


def as_file(card: Plain) -> dict[str, Any]:
    """The card as a file says it: formulas are text, names are there."""

    def texts(value: Any) -> Any:
        if isinstance(value, tuple):
            return written(value)
        if isinstance(value, dict):
            return {key: texts(one) for key, one in value.items()}
        return [texts(one) for one in value] if isinstance(value, list) else value

    named = {one: {**group, "name": one, "name_en": one} for one, group in card["groups"].items()}
    made: dict[str, Any] = texts({**card, "groups": named})
    return {"name": "表", "name_en": "card", "source": "test", "subject": "person", **made}
