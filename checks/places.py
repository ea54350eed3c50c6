"""Says whether segmentations lie where their images do, for SimpleITK and for nibabel.

    python3 -m venv venv && venv/bin/pip install SimpleITK nibabel
    venv/bin/python checks/places.py IMAGES SEGMENTATIONS

Both are folders; files belong together by their names up to the first dot. nibabel is asked where both are NIfTI. Run
with SimpleITK 2.5.7 and nibabel 5.4.2 on what `segloss predict` writes, or any other program.
"""

import pathlib
import sys
import warnings

import nibabel
import numpy as np
import SimpleITK

NEAR = 1e-4
NIFTI = (".nii", ".nii.gz", ".hdr")
ENDINGS = (*NIFTI, ".hdr.gz", ".mha", ".mhd", ".nrrd", ".nhdr")


def files(folder):
    return {
        file.name.split(".")[0]: file
        for file in sorted(pathlib.Path(folder).iterdir())
        if file.name.lower().endswith(ENDINGS)
    }


def itk(file):
    """The numbers of voxels, the first one's place, and the steps along the axes; of a plane image as of one slice."""
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(file))
    try:
        reader.ReadImageInformation()
    except RuntimeError as refused:
        return str(refused).strip().splitlines()[-1]
    n = reader.GetDimension()
    axes = min(n, 3)
    size, origin, steps = np.ones(3), np.zeros(3), np.eye(3)
    size[:axes] = reader.GetSize()[:axes]
    origin[:axes] = reader.GetOrigin()[:axes]
    steps[:axes, :axes] = (np.array(reader.GetDirection()).reshape(n, n) * reader.GetSpacing())[:axes, :axes]
    return np.concatenate([size, origin, steps.ravel()])


def nibabels(file):
    image = nibabel.load(file)
    return np.concatenate([np.array(image.shape[:3], float), image.affine.ravel(), image.header.get_zooms()[:3]])


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str)
    return one.shape == other.shape and np.allclose(one, other, rtol=NEAR, atol=NEAR)


def main():
    warnings.simplefilter("ignore")
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    images, segmentations = files(sys.argv[1]), files(sys.argv[2])
    apart = 0
    for name in sorted(images.keys() & segmentations.keys()):
        image, segmentation = images[name], segmentations[name]
        found = {"SimpleITK": (itk(image), itk(segmentation))}
        if image.name.lower().endswith(NIFTI) and segmentation.name.lower().endswith(NIFTI):
            found["nibabel"] = (nibabels(image), nibabels(segmentation))
        for program, (here, there) in found.items():
            if not same(here, there):
                apart += 1
                print(f"{program}: {image} and {segmentation.name} differ\n  {here}\n  {there}")
    print(f"{len(images.keys() & segmentations.keys())} pairs, {apart} differ")
    sys.exit(apart > 0)


main()
