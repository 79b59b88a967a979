"""Papers read back by another program than the one that made them."""

from __future__ import annotations

import unicodedata

import numpy as np
import pypdfium2
from pypdfium2 import raw

A4_MM = (210, 297)


class Paper:
    """A PDF: the words of its pages, their sizes, their fonts, their pictures."""

    def __init__(self, content: bytes) -> None:
        self.document = pypdfium2.PdfDocument(content)

    def __len__(self) -> int:
        return len(self.document)

    @property
    def pages(self) -> list[str]:
        """The words of each page without blanks: where lines break is the typesetter's business. Signs in their plainest
        form, since some come back as radicals that look the same, so that full-width marks become narrow ones."""
        found = [page.get_textpage().get_text_range() for page in self.document]
        return ["".join(unicodedata.normalize("NFKC", words).split()) for words in found]

    @property
    def text(self) -> str:
        return "".join(self.pages)

    def sizes_mm(self) -> list[tuple[int, int]]:
        sizes = [self.document.get_page_size(number) for number in range(len(self))]
        return [(round(width * 25.4 / 72), round(height * 25.4 / 72)) for width, height in sizes]

    def fonts_are_inside(self) -> bool:
        """Whether every text of the paper is set in a font that lies in the file."""
        fonts = [
            raw.FPDFTextObj_GetFont(found.raw)
            for page in self.document
            for found in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5)
        ]
        return bool(fonts) and all(raw.FPDFFont_GetIsEmbedded(font) == 1 for font in fonts)

    def picture(self, number: int) -> np.ndarray:
        """A page as (height, width, 3) colours."""
        return np.asarray(self.document[number].render(scale=1.0).to_pil().convert("RGB"))
