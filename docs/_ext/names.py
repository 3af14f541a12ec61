"""Makes `hn.compare`, `job.retake()` and `board.to_html` in a text links to the reference.

A name of `hn` that the reference has not is a warning, which fails the build.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

_NAME = re.compile(r"(hn|job|board|studio|frame|scores)\.([A-Za-z_]\w*(?:\.\w+)?)")
_CLASSES = {
    "hn": "hailuo_nb",
    "job": "hailuo_nb.Job",
    "board": "hailuo_nb.Comparison",
    "studio": "hailuo_nb.Studio",
    "frame": "hailuo_nb.Frame",
}
_logger = logging.getLogger(__name__)


def setup(app: Any) -> dict[str, bool]:
    app.connect("doctree-resolved", _link)
    return {"parallel_read_safe": True}


def _link(app: Any, doctree: nodes.document, docname: str) -> None:
    known = {name: entry for name, _, _, *entry in _objects(app)}
    for literal in list(doctree.findall(nodes.literal)):
        text = literal.astext()
        found = _NAME.match(text)
        if found is None or isinstance(literal.parent, nodes.reference):
            continue
        owner, name = found.groups()
        target = next(
            (full for full in _targets(owner, name) if full in known),
            None,
        )
        if target is None:
            if owner == "hn" and not docname.startswith("project/"):  # a changelog has old names
                _logger.warning("the reference has no %s", found[0], location=literal)
            continue
        page, anchor = known[target][:2]
        if page == docname and any(anchor in parent.get("ids", ()) for parent in _above(literal)):
            continue
        link = make_refnode(app.builder, docname, page, anchor, literal.deepcopy())
        literal.replace_self(link)


def _targets(owner: str, name: str) -> list[str]:
    base = _CLASSES.get(owner, "")
    whole = f"{base}.{name}"
    return [whole, whole.rpartition(".")[0]] if "." in name else [whole]


def _objects(app: Any) -> Any:
    return app.env.domains["py"].get_objects()


def _above(node: Any) -> Any:
    """Sections and descriptions around a node: a link to where one already is helps nobody."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.Element):
            yield node
            for child in node.children[:1]:
                if isinstance(child, nodes.Element):
                    yield child
