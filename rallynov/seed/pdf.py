"""A page of text as a PDF, for the example's documents."""


def pdf(lines):
    """A page of text: the smallest PDF, in a font that every reader has."""
    shown = "".join(f"({escape(line)}) Tj T*\n" for line in lines)
    content = f"BT /F1 12 Tf 18 TL 60 760 Td\n{shown}ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body, starts = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        starts.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )


def escape(line):
    """Brackets protected, and the narrow space widened: the font's encoding has only that one."""
    line = line.replace("\u202f", "\u00a0")
    return "".join(f"\\{letter}" if letter in "\\()" else letter for letter in line)
