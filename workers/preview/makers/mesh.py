"""What the readers of 3D models give: triangles of points."""

Point = tuple[float, float, float]
Triangle = tuple[Point, Point, Point]
FACES = 40_000
"""Faces drawn of one model; of more, every so-manieth."""
