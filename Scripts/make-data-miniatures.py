#!/usr/bin/env python3
"""Writes Tests/DataMiniatures/Resources: each benchmark's distribution in small, with the files, fields and names of the
original (formats as published; pictures are our own), for the tests of `data` and of the paper's scripts.

Each has 8 classes to train on and 8 to test on with 4 pictures of 32 x 24 each. Needs numpy, scipy and Pillow:
    python3 Scripts/make-data-miniatures.py
"""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import savemat

HERE = Path(__file__).resolve().parent.parent / "Tests/DataMiniatures/Resources"
CLASSES, EACH = 16, 4


def picture(path, kind, face):
    """A plane wave in two colours, both the class's, with phase and noise of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = np.random.default_rng([7, kind])
    angle, wave = own.uniform(0, np.pi), own.uniform(0.3, 1.2)
    low, high = own.uniform(0, 110, 3), own.uniform(140, 255, 3)
    noise = np.random.default_rng([11, kind, face])
    y, x = np.mgrid[0:24, 0:32]
    phase = np.sin(wave * (x * np.cos(angle) + y * np.sin(angle)) + noise.uniform(0, 6)) / 2 + 0.5
    pixels = low + phase[..., None] * (high - low) + noise.normal(0, 6, 3)
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path, quality=50, optimize=True)


def lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(row + "\n" for row in rows))


def cub200():
    root = HERE / "cub200"
    birds = [
        "Black_footed_Albatross", "Laysan_Albatross", "Sooty_Albatross", "Groove_billed_Ani", "Crested_Auklet", "Least_Auklet",
        "Parakeet_Auklet", "Rhinoceros_Auklet", "Brewer_Blackbird", "Red_winged_Blackbird", "Rusty_Blackbird",
        "Yellow_headed_Blackbird", "Bobolink", "Indigo_Bunting", "Lazuli_Bunting", "Painted_Bunting",
    ]
    names, labels, boxes, halves = [], [], [], []
    for kind, bird in enumerate(birds):
        for face in range(EACH):
            number = kind * EACH + face + 1
            name = f"{kind + 1:03}.{bird}/{bird}_{face + 1:04}_{790000 + number}.jpg"
            picture(root / "images" / name, kind, face)
            names.append(f"{number} {name}")
            labels.append(f"{number} {kind + 1}")
            boxes.append(f"{number} 2.0 3.0 24.0 18.0")
            halves.append(f"{number} {face % 2}")
    lines(root / "images.txt", names)
    lines(root / "image_class_labels.txt", labels)
    lines(root / "classes.txt", [f"{kind + 1} {kind + 1:03}.{bird}" for kind, bird in enumerate(birds)])
    lines(root / "bounding_boxes.txt", boxes)
    lines(root / "train_test_split.txt", halves)


CARS = [
    "AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Acura TL Sedan 2012", "Aston Martin V8 Vantage Coupe 2012",
    "Audi R8 Coupe 2012", "BMW M3 Coupe 2012", "Bentley Arnage Sedan 2009", "Eagle Talon Hatchback 1998", "FIAT 500 Abarth 2012",
    "Ferrari FF Coupe 2012", "Ford GT Coupe 2006", "Ram C/V Cargo Van Minivan 2012", "Scion xD Hatchback 2012",
    "Tesla Model S Sedan 2012", "Volvo 240 Sedan 1993", "smart fortwo Convertible 2012",
]


def annotations(fields, rows):
    """A 1 x N struct array as MATLAB stores it: each number a 1 x 1 matrix of the smallest unsigned type."""
    table = np.zeros((1, len(rows)), dtype=[(field, object) for field in fields])
    for place, row in enumerate(rows):
        for field, value in zip(fields, row):
            if isinstance(value, bool):
                value = np.array([[value]], dtype=np.uint8)
            elif isinstance(value, int):
                value = np.array([[value]], dtype=np.uint8 if value < 256 else np.uint16)
            table[0, place][field] = value
    return table


def mat(path, variables, compressed=True):
    """savemat without the date in the file's opening text, so that the same script writes the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    savemat(path, variables, do_compression=compressed)
    data = bytearray(path.read_bytes())
    data[:116] = b"MATLAB 5.0 MAT-file, Platform: posix".ljust(116)
    path.write_bytes(data)


def cell(texts):
    result = np.empty((1, len(texts)), dtype=object)
    for place, text in enumerate(texts):
        result[0, place] = text
    return result


def cars196():
    root = HERE / "cars196"
    fields = ["relative_im_path", "bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "test"]
    rows = []
    for kind in range(CLASSES):
        for face in range(EACH):
            name = f"car_ims/{kind * EACH + face + 1:06}.jpg"
            picture(root / name, 100 + kind, face)
            rows.append([name, 2, 3, 30, 280, kind + 1, face % 2 == 1])
    mat(root / "cars_annos.mat", {"annotations": annotations(fields, rows), "class_names": cell(CARS)})

    # The later distribution: two folders, numbered in an order that knows no classes, and a devkit.
    root = HERE / "cars196-devkit"
    halves = {"train": [], "test": []}
    for place in np.random.default_rng(13).permutation(CLASSES * EACH):
        kind, face = divmod(int(place), EACH)
        half = halves["test" if face % 2 else "train"]
        name = f"{len(half) + 1:05}.jpg"
        picture(root / ("cars_test" if face % 2 else "cars_train") / name, 100 + kind, face)
        half.append([2, 3, 30, 280, kind + 1, name])
    fields = ["bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "fname"]
    kit = root / "devkit"
    mat(kit / "cars_meta.mat", {"class_names": cell(CARS)})
    mat(kit / "cars_train_annos.mat", {"annotations": annotations(fields, halves["train"])})
    unlabelled = [row[:4] + row[5:] for row in halves["test"]]
    mat(kit / "cars_test_annos.mat", {"annotations": annotations(fields[:4] + ["fname"], unlabelled)})
    mat(root / "cars_test_annos_withlabels.mat", {"annotations": annotations(fields, halves["test"])}, compressed=False)


def sop():
    root = HERE / "sop"
    kinds = ["bicycle", "cabinet", "chair", "coffee_maker", "fan", "kettle", "lamp", "mug"]
    for half, name in enumerate(["Ebay_train.txt", "Ebay_test.txt"]):
        rows = ["image_id class_id super_class_id path"]
        for place in range(CLASSES // 2):
            number = half * CLASSES // 2 + place
            for face in range(EACH):
                path = f"{kinds[place]}_final/{111085122871 + number}_{face}.JPG"
                picture(root / path, 200 + number, face)
                rows.append(f"{number * EACH + face + 1} {number + 1} {place + 1} {path}")
        lines(root / name, rows)


def inshop():
    root = HERE / "inshop"
    rows = []
    for kind in range(CLASSES):
        kinds = ["WOMEN/Dresses", "WOMEN/Blouses_Shirts", "MEN/Denim", "MEN/Jackets_Vests"][kind % 4]
        number = f"id_{kind + 1:08}"
        for face, view in enumerate(["01_1_front", "01_2_side", "02_1_front", "02_3_back"]):
            path = f"img/{kinds}/{number}/{view}.jpg"
            picture(root / path, 300 + kind, face)
            # As in the original, items of both halves alternate.
            status = "train" if kind % 2 == 0 else "query" if face % 2 == 0 else "gallery"
            rows.append(f"{path:<70} {number} {status}")
    lines(root / "Eval/list_eval_partition.txt", [str(len(rows)), "image_name item_id evaluation_status", *rows])


def inat2018():
    root = HERE / "inat2018"
    halves = [[], []]
    for kind in range(CLASSES):
        order = ["Aves", "Insecta", "Plantae", "Reptilia"][kind % 4]
        for face in range(EACH):
            key = np.random.default_rng([17, kind, face]).bytes(16).hex()
            path = f"train_val2018/{order}/{2000 + 37 * kind}/{key}.jpg"
            picture(root / path, 400 + kind, face)
            halves[kind * 2 // CLASSES].append(path)
    for half, name in zip(halves, ["Inaturalist_train_set1.txt", "Inaturalist_test_set1.txt"]):
        lines(root / "Inat_dataset_splits" / name, half)


if __name__ == "__main__":
    shutil.rmtree(HERE, ignore_errors=True)
    for make in [cub200, cars196, sop, inshop, inat2018]:
        make()
    size = sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file())
    print(f"{size} bytes in {HERE}")
