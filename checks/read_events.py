"""Reads the events of a run with TensorBoard's own reader and compares them with training.csv and validation.csv.

    python3 -m venv venv && venv/bin/pip install tensorboard pillow
    venv/bin/python checks/read_events.py runs/NAME
"""

import csv
import io
import pathlib
import struct
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader


def table(file, column):
    with open(file, newline="") as lines:
        return [(int(line["step"]), float(line[column])) for line in csv.DictReader(lines)]


def single(value):
    """As a float of 32 bits, which is what events hold."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def check(folder):
    file = folder / "events.out.tfevents.segloss"
    records = sum(1 for _ in RawEventFileLoader(str(file)).Load())
    events = EventAccumulator(str(file), size_guidance={"scalars": 0, "images": 0})
    events.Reload()

    def scalars(tag):
        return [(event.step, event.value) for event in events.Scalars(tag)]

    def expect(name, found, wanted):
        if repr(found) != repr(wanted):
            sys.exit(f"{file}: {name} is not what the table says:\n{found[:3]}...\n{wanted[:3]}...")

    losses = [(step, single(value)) for step, value in table(folder / "training.csv", "loss")]
    rates = [(step, single(value)) for step, value in table(folder / "training.csv", "learning_rate")]
    expect("loss", scalars("loss"), losses)
    expect("learning_rate", scalars("learning_rate"), rates)
    expect("the steps of loss/smoothed", [s for s, _ in scalars("loss/smoothed")], [s for s, _ in losses])
    validation = folder / "validation.csv"
    dice = []
    if validation.exists():
        dice = [(step, single(value)) for step, value in table(validation, "dice")]
        expect("validation/dice", scalars("validation/dice"), dice)
    pictures = events.Images("example") if "example" in events.Tags()["images"] else []
    for picture in pictures:
        size = Image.open(io.BytesIO(picture.encoded_image_string)).size
        expect("the size of a picture", size, (picture.width, picture.height))
    expected = 1 + 3 * len(losses) + len(dice) + len(pictures)
    if records != expected:
        sys.exit(f"{file}: {records} records, expected {expected}: something is there twice or missing")
    print(f"{folder}: {len(losses)} steps, {len(dice)} validations, {len(pictures)} pictures")


def main():
    files = sorted(pathlib.Path(sys.argv[1]).rglob("events.out.tfevents.segloss"))
    if not files:
        sys.exit("there are no events")
    for file in files:
        check(file.parent)


main()
