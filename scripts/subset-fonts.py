#!/usr/bin/env python3
"""Cut the four Tinos faces down to what Vietnamese documents use.

Needs the Debian packages fonts-croscore and python3-fonttools. The result is
committed under internal/printout/fonts, so this runs only when the font or the
set of letters changes:

    /usr/bin/python3 scripts/subset-fonts.py
"""
import os

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = "/usr/share/fonts/truetype/croscore/"
TARGET = os.path.join(os.path.dirname(__file__), "..", "internal", "printout", "fonts")

# Latin with all Vietnamese letters, the letters of the Highland peoples (Ê Đê,
# Cơ Ho, Gia Rai, Ba Na) with combining marks, punctuation, money and number signs.
RANGES = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x300, 0x331), (0x1E00, 0x1EFF),
    (0x2010, 0x2027), (0x202F, 0x203A), (0x2044, 0x2044), (0x2070, 0x209C),
    (0x20AB, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2193),
    (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265), (0x25A0, 0x25A1),
    (0x25CB, 0x25CF), (0xFFFD, 0xFFFD),
]


def cut(face):
    font = TTFont(SOURCE + face)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "gasp", "LTSH", "VDMX", "hdmx"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[r for first, last in RANGES for r in range(first, last + 1)])
    cutter.subset(font)
    font.save(os.path.join(TARGET, face))


for name in ("Regular", "Bold", "Italic", "BoldItalic"):
    cut("Tinos-%s.ttf" % name)
