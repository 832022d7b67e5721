"""Which paragraphs of a Word document are headings: by their level in the outline, in any language.

Word names its styles in the language of its user; what stays are the level (`outlineLvl`, ISO/IEC 29500-1,
17.3.1.20) and the English names of the built-in styles (`name`, 17.7.4.9).
"""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

BODY = 9
"""The level of ordinary text."""
_BUILT_IN = re.compile(r"(heading [1-9]|title)$", re.IGNORECASE)
# Where a document has no table of styles.
_BY_ID = re.compile(r"(heading|titre|title|berschrift|überschrift)", re.IGNORECASE)


def heading_styles(styles: Iterable[Element]) -> set[str] | None:
    """The ids of the styles of headings; None where the document tells nothing of its styles."""
    levels: dict[str, bool | None] = {}
    bases: dict[str, str] = {}
    for style in styles:
        style_id = _attribute(style, "styleId")
        if style_id:
            levels[style_id] = _is_heading_style(style)
            bases[style_id] = _value_of(style, "basedOn")
    return {style_id for style_id in levels if _inherits(style_id, levels, bases)} if levels else None


def is_heading(paragraph: Element, styles: set[str] | None) -> bool:
    """Whether a paragraph is a heading, by itself or by its style."""
    level = _level(paragraph)
    if level is not None:
        return level
    style = _value_of(paragraph, "pStyle")
    return bool(_BY_ID.match(style)) if styles is None else style in styles


def _inherits(style_id: str, levels: dict[str, bool | None], bases: dict[str, str]) -> bool:
    """What the style says, or the first of those that it is based on."""
    for _ in range(len(levels)):
        level = levels.get(style_id)
        if level is not None or style_id not in bases:
            return bool(level)
        style_id = bases[style_id]
    return False


def _is_heading_style(style: Element) -> bool | None:
    if _BUILT_IN.match(_value_of(style, "name")):
        return True
    return _level(style)


def _level(element: Element) -> bool | None:
    """Whether its own level is one of the outline; None where it has none."""
    value = _value_of(element, "outlineLvl")
    return int(value) < BODY if value.isdecimal() else None


def _value_of(element: Element, name: str) -> str:
    for child in element.iter():
        if child.tag.rpartition("}")[2] == name:
            return _attribute(child, "val")
    return ""


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
