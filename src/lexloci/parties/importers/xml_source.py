"""XML read safely: no document type, no entities, no deep nesting; element by element, so that little is held.

Names of elements lose their namespace, which differs between editions of one form.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from lexloci.parties.importers.file import MAX_DEPTH, MAX_ELEMENTS, UnreadableListError, shown, text_of


def elements(content: bytes, wanted: frozenset[str]) -> Iterator[Element]:
    """Each element of a wanted name as it ends, with plain names; emptied when the next one is asked for.

    UnreadableListError where the file is cut off, no XML, not UTF-8, has a document type or is nested too deep.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    text_of(content)  # refuses what is no UTF-8, whatever encoding is declared; the bytes are read without a copy
    source = io.BytesIO(content.removesuffix(b"\x1a"))
    depth, inside, held = 0, 0, 0
    try:
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise UnreadableListError(f"it is nested deeper than {MAX_DEPTH} elements: no list is")
                element.tag = plain_name(element.tag)
                inside += element.tag in wanted
                held = held + 1 if inside else 0  # of the one that is open, not of those before it
                if held > MAX_ELEMENTS:
                    raise UnreadableListError(f"a party has more than {MAX_ELEMENTS} elements: none has")
                continue
            depth -= 1
            if element.tag in wanted:
                inside -= 1
                yield element
            if not inside:
                held = 0
                element.clear()
    except DefusedXmlException:
        raise UnreadableListError("it declares a document type or entities, as no list does: refused") from None
    except ParseError as error:
        cut = ": it seems cut off" if "no element" in str(error) or "unclosed" in str(error) else ""
        raise UnreadableListError(f"it is no XML ({shown(str(error))}){cut}") from None


def plain_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def text_in(element: Element, path: str) -> str:
    """The text of a child, "" where there is none or it is empty."""
    return (element.findtext(path) or "").strip()
