#!/usr/bin/env python3
"""Makes Sources/EmbeddedAssets/Resources/letters.{webp,json}: the letters of `plot`'s PNG files.

usage: make-plot-letters.py [FONT [RESOURCES]]      (needs Pillow; FONT: DejaVuSans.ttf of Debian's fonts-dejavu-core)

letters.webp is a lossless sheet of TILE x TILE pictures, a letter each, white on black, along the rows; letters.json names them in
that order, with how far each moves the pen. Every tile is read back and compared.
"""
import json, os, sys
import numpy as np
from PIL import Image, ImageDraw, ImageFont

TILE, SIZE, BASELINE, COLUMNS = 24, 16, 18, 16
LETTERS = "".join(map(chr, range(32, 127))) + "".join(map(chr, range(161, 256))) + "–—…→≤≥∞√αβγδελμπρστφχω"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    font = ImageFont.truetype(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", SIZE)
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(here, "..", "Sources", "EmbeddedAssets", "Resources")
    rows = -(-len(LETTERS) // COLUMNS)
    sheet = np.zeros((rows * TILE, COLUMNS * TILE), np.uint8)
    advances = []
    for index, letter in enumerate(LETTERS):
        tile = Image.new("L", (TILE, TILE))
        # Three pixels to the left are room for what reaches back over the pen.
        ImageDraw.Draw(tile).text((3, BASELINE), letter, font=font, fill=255, anchor="ls")
        top, left = index // COLUMNS * TILE, index % COLUMNS * TILE
        sheet[top:top + TILE, left:left + TILE] = np.array(tile)
        advances.append(round(font.getlength(letter), 2))
    path = os.path.join(folder, "letters.webp")
    Image.fromarray(sheet).convert("RGB").save(path, "WEBP", lossless=True, quality=100, method=6)
    assert (np.array(Image.open(path).convert("RGB")) == sheet[:, :, None]).all()
    with open(os.path.join(folder, "letters.json"), "w") as file:
        json.dump({"tile": TILE, "left": 3, "baseline": BASELINE, "letters": LETTERS, "advances": advances}, file, ensure_ascii=False)
        file.write("\n")
    print(f"{len(LETTERS)} letters, {os.path.getsize(path)} bytes")


main()
