"""The places and bodies that a reader may look into, for lists and forms to choose from."""

from __future__ import annotations

from api.web.choices import Choices, areas_of, bodies_around
from api.web.page import Reader


def places_to_choose(reader: Reader) -> Choices:
    """The areas that they answer for, or work in."""
    return areas_of(reader)


def bodies_to_choose(reader: Reader) -> Choices:
    """Whoever answers for an area looks at what its bodies hold; others have their own desk only."""
    if not (reader.viewer.scope.areas or reader.viewer.scope.everything):
        return []
    return [(str(row.id), row.name) for row in bodies_around(reader)]
