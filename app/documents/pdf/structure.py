"""Gives a drawn PDF its structure tree, language and metadata.

Source: ISO 14289-1 (PDF/UA-1) 7.1-7.5, ISO 32000-1 14.7-14.8.  Built to those rules; not certified by anyone.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from app.documents.pdf.page import Element

if TYPE_CHECKING:
    from app.documents.pdf.render import Info

_LANGUAGE_TAGS = {"sv": "sv-SE", "en": "en-GB"}
_PRODUCER = "Ombudet"


def finish(drawn: bytes, root: Element, marked: Sequence[Sequence[Element]], info: "Info") -> bytes:
    """Return `drawn` with the structure under `root`.

    Args:
        drawn: The PDF as reportlab wrote it.
        root: The document element.
        marked: For every page, the elements of its marked content in order.
        info: Title, language and date.
    """
    with pikepdf.open(BytesIO(drawn)) as pdf:
        _add_tree(pdf, root, marked)
        pdf.Root.Lang = pikepdf.String(_LANGUAGE_TAGS[info.language])
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseNone
        _describe(pdf, info)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _add_tree(pdf: pikepdf.Pdf, root: Element, marked: Sequence[Sequence[Element]]) -> None:
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    pages = [page.obj for page in pdf.pages]
    made: dict[int, Object] = {}
    tree.K = _add_element(pdf, root, tree, pages, made)
    numbers = Array()
    for index, elements in enumerate(marked):
        pages[index].StructParents = index
        pages[index].Tabs = Name.S
        numbers.append(index)
        numbers.append(pdf.make_indirect(Array([made[id(element)] for element in elements])))
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _add_element(
    pdf: pikepdf.Pdf, element: Element, parent: Object, pages: Sequence[Object], made: dict[int, Object]
) -> Object:
    node = Dictionary(Type=Name.StructElem, S=Name("/" + element.tag), P=parent)
    _add_attributes(node, element)
    own = [kid for kid in element.kids if not isinstance(kid, Element)]
    if own:
        node.Pg = pages[own[0][0]]
    node = pdf.make_indirect(node)
    made[id(element)] = node
    kids: list[Object | int] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(_add_element(pdf, kid, node, pages, made))
        elif kid[0] == own[0][0]:
            kids.append(kid[1])
        else:
            kids.append(Dictionary(Type=Name.MCR, Pg=pages[kid[0]], MCID=kid[1]))
    node.K = kids[0] if len(kids) == 1 else Array(kids)
    return node


def _add_attributes(node: Object, element: Element) -> None:
    if element.scope:
        node.A = Dictionary(O=Name.Table, Scope=Name("/" + element.scope))
    if element.alt:
        node.Alt = pikepdf.String(element.alt)
    if element.bbox:
        node.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array([round(side, 2) for side in element.bbox]))


def _describe(pdf: pikepdf.Pdf, info: "Info") -> None:
    moment = f"{info.made_on:%Y-%m-%d}T00:00:00Z"
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    pdf.docinfo["/Title"] = info.title
    pdf.docinfo["/Producer"] = pdf.docinfo["/Creator"] = _PRODUCER
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = f"D:{info.made_on:%Y%m%d}000000Z"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["dc:title"] = info.title
        meta["dc:language"] = {_LANGUAGE_TAGS[info.language]}
        meta["pdf:Producer"] = meta["xmp:CreatorTool"] = _PRODUCER
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = moment
        meta["pdfuaid:part"] = "1"
