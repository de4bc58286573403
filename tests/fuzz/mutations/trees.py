"""JSON documents: leaves, keys and branches changed anywhere in the tree."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fuzz.mutations.cells import CODES, DATES, NUMBERS, TEXTS, Draw

Path = tuple[str | int, ...]
LEAVES = tuple(
    leaf
    for leaf in (None, True, [], {}, [None], {"a": 1}, *NUMBERS, *DATES, *CODES, *TEXTS)
    if not hasattr(leaf, "year")
)


def paths(tree: Any, at: Path = ()) -> list[Path]:
    """Every place of the tree, the root first."""
    places = [at]
    if isinstance(tree, dict):
        items: Any = tree.items()
    else:
        items = enumerate(tree) if isinstance(tree, list) else ()
    for key, below in items:
        places += paths(below, (*at, key))
    return places


def get(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def put(tree: Any, path: Path, value: Any) -> Any:
    """The tree with ``value`` at ``path``."""
    if not path:
        return value
    copy: Any = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = put(tree[path[0]], path[1:], value)
    return copy


def replace_branch(draw: Draw, tree: Any) -> Any:
    return put(tree, draw(st.sampled_from(paths(tree))), draw(st.sampled_from(LEAVES)))


def lose_branch(draw: Draw, tree: Any) -> Any:
    at = _below(draw, tree)
    if not at:
        return tree
    parent = get(tree, at[:-1])
    if isinstance(parent, dict):
        kept: Any = {key: below for key, below in parent.items() if key != at[-1]}
    else:
        kept = [below for index, below in enumerate(parent) if index != at[-1]]
    return put(tree, at[:-1], kept)


def double_branch(draw: Draw, tree: Any) -> Any:
    at = _below(draw, tree)
    if not at:
        return tree
    parent, copy = get(tree, at[:-1]), get(tree, at)
    more = {**parent, f"{at[-1]}2": copy} if isinstance(parent, dict) else [*parent, copy]
    return put(tree, at[:-1], more)


def rename_key(draw: Draw, tree: Any) -> Any:
    """A key renamed wherever it is, as a new version of a service does."""
    keys = sorted({key for path in paths(tree) for key in path if isinstance(key, str)})
    if not keys:
        return tree
    old = draw(st.sampled_from(keys))
    new = draw(st.sampled_from([old.upper(), f"{old}_v2", "", *keys]))
    return _renamed(tree, old, new)


def _renamed(tree: Any, old: str, new: str) -> Any:
    if isinstance(tree, dict):
        return {new if key == old else key: _renamed(below, old, new) for key, below in tree.items()}
    return [_renamed(below, old, new) for below in tree] if isinstance(tree, list) else tree


def wrap(draw: Draw, tree: Any) -> Any:
    """A branch one level deeper, in a list or an object."""
    at = draw(st.sampled_from(paths(tree)))
    branch = get(tree, at)
    return put(tree, at, draw(st.sampled_from([[branch], {"data": branch}, {"results": branch}, [[branch]] * 2])))


def retype(draw: Draw, tree: Any) -> Any:
    """A number as text, a text as a number, a list as an object."""
    at = draw(st.sampled_from(paths(tree)))
    branch = get(tree, at)
    if isinstance(branch, list):
        return put(tree, at, {str(index): below for index, below in enumerate(branch)})
    if isinstance(branch, dict):
        return put(tree, at, list(branch.values()))
    return put(tree, at, int(branch) if isinstance(branch, str) and branch.isdecimal() else str(branch))


def _below(draw: Draw, tree: Any) -> Path:
    inner = paths(tree)[1:]
    return draw(st.sampled_from(inner)) if inner else ()


TREES = (
    replace_branch,
    replace_branch,
    replace_branch,
    lose_branch,
    double_branch,
    rename_key,
    rename_key,
    wrap,
    retype,
)
