"""The text of an Atlassian document (Jira REST v3 keeps descriptions as trees), one block a line."""

from typing import Any, Final

_BLOCKS: Final = frozenset(
    {"paragraph", "heading", "codeBlock", "tableRow", "mediaGroup", "mediaSingle", "decisionItem", "taskItem", "rule"}
)
_ATTRIBUTES: Final = ("text", "shortName", "url", "timestamp", "alt")
"""What a leaf shows, the first that it has."""


def plain_text(node: Any) -> str:  # noqa: ANN401 - any JSON
    """What a reader of the document sees, without its formatting."""
    return _text(node).strip("\n")


def _text(node: Any) -> str:  # noqa: ANN401 - any JSON
    if not isinstance(node, dict):
        return ""
    kind, children = node.get("type"), node.get("content")
    match kind:
        case "text":
            return str(node.get("text") or "")
        case "hardBreak":
            return "\n"
        case "rule":
            return "----\n"
        case "listItem" | "taskItem":
            return "- " + _all(children).strip("\n").replace("\n", "\n  ") + "\n"
        case "tableCell" | "tableHeader":
            return _all(children).strip("\n").replace("\n", " ") + "\t"
        case "tableRow":
            return _all(children).rstrip("\t") + "\n"
    inner = _all(children) if isinstance(children, list) else _shown(node.get("attrs"))
    return inner + "\n" if kind in _BLOCKS else inner


def _all(children: Any) -> str:  # noqa: ANN401 - any JSON
    return "".join(_text(child) for child in children) if isinstance(children, list) else ""


def _shown(attributes: Any) -> str:  # noqa: ANN401 - any JSON
    if not isinstance(attributes, dict):
        return ""
    return next((str(attributes[name]) for name in _ATTRIBUTES if attributes.get(name)), "")
