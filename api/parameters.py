"""Parameters that several controllers read. Text in them is `schemas.text.Text`: Litestar reads no `Meta`."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from schemas.text import CLEAN

PAGES = 10**9  # more than any list has
PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=PAGES)]
Days = Annotated[int, QueryParameter(name="days", ge=1, le=366)]
Words = Annotated[str, QueryParameter(name="words", pattern=CLEAN, max_length=100)]
PathText = Annotated[str, PathParameter(pattern=CLEAN, max_length=128)]
"""A token, a slug, a number of an order."""
