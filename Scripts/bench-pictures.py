"""Forty JPEG files of 500 x 375 pixels, as the benchmarks' photographs are: shapes, gradients and grain, quality 75 to 95.
usage: bench-pictures.py FOLDER; needs numpy and Pillow"""
import os
import sys

import numpy as np
from PIL import Image, ImageFilter

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
random = np.random.default_rng(0)
y, x = np.mgrid[0:375, 0:500]
for number in range(40):
    picture = np.zeros((375, 500, 3))
    for channel in range(3):
        a, b, c = random.uniform(-0.3, 0.3, 3)
        picture[..., channel] = 128 + a * (x - 250) + b * (y - 187) + 40 * np.sin((x * a + y * b) / 9 + c)
    for _ in range(25):
        cx, cy, r = random.uniform(0, 500), random.uniform(0, 375), random.uniform(5, 90)
        inside = (x - cx) ** 2 + (y - cy) ** 2 < r * r
        picture[inside] = picture[inside] * 0.4 + random.uniform(0, 255, 3) * 0.6
    picture += random.normal(0, random.uniform(2, 12), picture.shape)
    image = Image.fromarray(picture.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    image.save(f"{folder}/{number:02}.jpg", quality=int(random.integers(75, 96)))
