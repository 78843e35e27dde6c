"""The pages themselves: what stands at the head and the foot of each. Needs fpdf2."""

from __future__ import annotations

from fpdf import FPDF

_FAMILY, _SIZE, _MARGIN = "DejaVu", 6.0, 12.0
_BOTTOM = 16.0


class Paper(FPDF):
    """A4 on its side, in millimetres. Pages end where the program says so, and nowhere else."""

    def __init__(self, head: str, foot: str) -> None:
        super().__init__(orientation="L", unit="mm", format="A4")
        self.head, self.foot = head, foot
        self.set_margin(_MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 1.0
        self.alias_nb_pages("{n}")

    def header(self) -> None:
        self.set_font(_FAMILY, "", _SIZE)
        self.set_y(7.0)
        self.cell(self.epw, 3.0, self.head, new_x="LMARGIN", new_y="NEXT")
        self.ln(3.0)

    def footer(self) -> None:
        self.set_font(_FAMILY, "", _SIZE)
        self.set_y(self.h - 10.0)
        self.cell(self.epw * 0.8, 3.0, self.foot)
        self.cell(self.epw * 0.2, 3.0, f"Page {self.page_no()} of {{n}}", align="R")

    def has_room(self, height: float) -> bool:
        return bool(self.get_y() + height <= self.h - _BOTTOM)

    def need(self, height: float) -> None:
        """Another page where this one has no room for so much."""
        if not self.has_room(height):
            self.add_page()
