"""A password on a finished document, for sending it by a channel that others can read."""

from io import BytesIO


def with_password(pdf: bytes, password: str) -> bytes:
    """Return the document encrypted with AES-256; it opens with `password`, and screen readers may still read it.

    Raises:
        ValueError: The password is empty.
    """
    import pikepdf

    if not password:
        raise ValueError("empty password")
    out = BytesIO()
    allowed = pikepdf.Permissions(accessibility=True, extract=True, modify_annotation=False, modify_other=False)
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner=password, user=password, R=6, aes=True, allow=allowed))
    return out.getvalue()
