"""Whether other programs read a segmentation of ours as we do.

    python3 check-seg.py SEG SERIES [OTHER_SEG]

highdicom 0.28.2 (pydicom 3.0.2) puts SEG on the instances of the folder SERIES and prints its voxels; where another
segmentation is given both have to be equal. dciodvfy (dicom3tools) has to find no error.
"""

import glob
import subprocess
import sys

import pydicom
from highdicom.seg import segread


def labels(seg, series):
    images = [pydicom.dcmread(name) for name in glob.glob(series + "/*")]
    options = dict(combine_segments=True, assert_missing_frames_are_empty=True)
    if len(images) == 1:
        frames = list(range(1, int(images[0].NumberOfFrames) + 1))
        return seg.get_pixels_by_source_frame(images[0].SOPInstanceUID, frames, **options)
    images.sort(key=lambda image: float(image.ImagePositionPatient[2]))
    for image in images:
        assert image.PatientName == seg.PatientName and image.StudyInstanceUID == seg.StudyInstanceUID
    return seg.get_pixels_by_source_instance([image.SOPInstanceUID for image in images], **options)


found = labels(segread(sys.argv[1]), sys.argv[2])
names = {segment.SegmentNumber: segment.SegmentLabel for segment in segread(sys.argv[1]).SegmentSequence}
print(found.shape, {name: int((found == number).sum()) for number, name in names.items()})
if len(sys.argv) > 3:
    assert (found == labels(segread(sys.argv[3]), sys.argv[2])).all()
said = subprocess.run(["dciodvfy", "-new", sys.argv[1]], capture_output=True, text=True)
errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
print("\n".join(errors) or "dciodvfy: no error")
sys.exit(bool(errors))
