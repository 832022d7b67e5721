"""How many pages a PDF has, where what it says of that cannot be (ISO 32000-1, 7.7.3, the page tree)."""

from typing import Any

NODES = 20_000
"""Nodes of the tree that are visited at most."""


def mend_count(mupdf: Any, pdf: Any) -> None:
    """Have a file that states more pages than it has objects, or none, state the leaves of its tree."""
    root = mupdf.pdf_dict_getp(mupdf.pdf_trailer(pdf), "Root/Pages")
    stated = mupdf.pdf_to_int(mupdf.pdf_dict_gets(root, "Count"))
    if not 0 < stated < mupdf.pdf_xref_len(pdf):
        mupdf.pdf_dict_puts(root, "Count", mupdf.pdf_new_int(_leaves(mupdf, root)))


def _leaves(mupdf: Any, root: Any) -> int:
    left, seen, leaves = [root], set[int](), 0
    while left and len(seen) < NODES:
        node = left.pop()
        number = mupdf.pdf_to_num(node)
        if number in seen:
            continue
        seen.add(number)
        kids = mupdf.pdf_dict_gets(node, "Kids")
        if not mupdf.pdf_is_array(kids):
            leaves += bool(mupdf.pdf_is_dict(node))
            continue
        length = min(mupdf.pdf_array_len(kids), NODES)
        left += [mupdf.pdf_array_get(kids, place) for place in range(length - 1, -1, -1)]
    return leaves
