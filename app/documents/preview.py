"""Pictures of a finished document for the window, made in memory."""

from io import BytesIO


def pages(pdf: bytes) -> int:
    """Return how many pages the document has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page_rgb(pdf: bytes, number: int, scale: float = 1.0) -> tuple[int, int, bytes]:
    """Return width, height and RGB bytes, row by row without padding, of page `number` (0 is the first); `scale` 1 is 72 dpi.

    Raises:
        IndexError: There is no such page.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        if not 0 <= number < len(document):
            raise IndexError(number)
        image = document[number].render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_pil().convert("RGB")
        return image.width, image.height, image.tobytes()


def page_png(pdf: bytes, number: int, scale: float = 1.0) -> bytes:
    """Return page `number` (0 is the first) as a PNG file.

    Raises:
        IndexError: There is no such page.
    """
    from PIL import Image

    width, height, pixels = page_rgb(pdf, number, scale)
    out = BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(out, "PNG")
    return out.getvalue()


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """Return the text of every page in reading order, for searching in a preview and for checking a document."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(page.get_textpage().get_text_bounded() for page in document)
