"""Writes the files beside it: one small series, as pydicom and DCMTK store it, and segmentations of it by highdicom.

Made with pydicom 3.0.2, highdicom 0.28.2 and DCMTK 3.6.7 (dcmcjpeg, dcmcrle). Voxel (x, y, z) of the series is 100 z + 10 y + x as stored, by the scale 2 * that - 1000; file names go against the slices' order.
"""

import datetime
import os
import subprocess

import highdicom as hd
import numpy as np
from highdicom.seg import Segmentation, SegmentDescription, SegmentationTypeValues
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS, ROWS, SLICES = 5, 4, 4


def path(name):
    return os.path.join(HERE, name)


def slice_of(z):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = CTImageStorage
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID = "2.25.100%d" % z
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = "Nobody^Real", "id of nobody", "", "O"
    d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = "2.25.8", "2.25.7", "2.25.9"
    d.StudyDate = d.SeriesDate = d.ContentDate = d.AcquisitionDate = "20000101"
    d.StudyTime = d.SeriesTime = d.ContentTime = d.AcquisitionTime = "120000"
    d.StudyID, d.SeriesNumber, d.InstanceNumber, d.AccessionNumber = "1", 3, z + 1, ""
    d.AcquisitionNumber, d.KVP = 1, 120
    d.Modality, d.ImageType, d.Manufacturer, d.ReferringPhysicianName = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"], "", ""
    d.PositionReferenceIndicator, d.PatientPosition, d.ManufacturerModelName = "", "HFS", "none"
    d.DeviceSerialNumber, d.SoftwareVersions = "0", "0"
    d.ImagePositionPatient, d.ImageOrientationPatient = [-10, -20, 2.5 * z], [1, 0, 0, 0, 1, 0]
    d.PixelSpacing, d.SliceThickness = [0.5, 0.75], 2.5
    d.SamplesPerPixel, d.PhotometricInterpretation, d.Rows, d.Columns = 1, "MONOCHROME2", ROWS, COLUMNS
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
    d.RescaleSlope, d.RescaleIntercept, d.RescaleType = 2, -1000, "HU"
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    d.PixelData = (100 * z + 10 * y + x).astype("<u2").tobytes()
    return d


def save(d, name):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    d.save_as(path(name), enforce_file_format=True)


slices = [slice_of(z) for z in range(SLICES)]
for z, d in enumerate(slices):
    save(d, "series/IM%d" % (SLICES - z))
subprocess.run(["dcmcjpeg", "+e1", path("series/IM3"), path("jpeg-lossless.dcm")], check=True)
subprocess.run(["dcmcrle", path("series/IM3"), path("rle.dcm")], check=True)
hd.legacy.LegacyConvertedEnhancedCTImage(
    legacy_datasets=slices, series_instance_uid="2.25.71", series_number=4, sop_instance_uid="2.25.72",
    instance_number=1).save_as(path("enhanced.dcm"))

# label 1 in the columns up to z, label 2 in the last row of the slices but the first
mask = np.zeros((SLICES, ROWS, COLUMNS), np.uint8)
for z in range(1, SLICES):
    mask[z, :3, :z] = 1
    mask[z, 3, :] = 2


def described(number, label):
    return SegmentDescription(
        segment_number=number, segment_label=label, segmented_property_category=codes.SCT.Tissue,
        segmented_property_type=codes.SCT.Tissue, algorithm_type="MANUAL")


def segmentation(name, kind, pixels, **more):
    segment = Segmentation(
        source_images=[dcmread(path("series/IM%d" % (SLICES - z))) for z in range(SLICES)], pixel_array=pixels,
        segmentation_type=kind, segment_descriptions=[described(1, "Left"), described(2, "Bottom")],
        series_instance_uid="2.25.81", series_number=5, sop_instance_uid="2.25.82", instance_number=1,
        manufacturer="none", manufacturer_model_name="none", software_versions="0", device_serial_number="0",
        omit_empty_frames=True, **more)
    segment.save_as(path(name))


segmentation("binary.dcm", SegmentationTypeValues.BINARY, mask)
segmentation("labelmap.dcm", SegmentationTypeValues.LABELMAP, mask)
both = np.stack([mask == 1, mask == 2], axis=-1)
segmentation("overlap.dcm", SegmentationTypeValues.BINARY, np.stack([mask > 0, mask == 2], axis=-1).astype(np.uint8))
# a half of label 1 in its first column and a fifth beyond it
amounts = both * 1.0
amounts[:, :, 0, 0] *= 0.5
amounts[1:, :3, 4, 0] = 0.2
segmentation("fractional.dcm", SegmentationTypeValues.FRACTIONAL, amounts, max_fractional_value=200)
