package org.segloss.dicom.part10;

/// Elements by DICOM's keywords: the group in the upper 16 bits, the element in the lower.
public final class Tag {
    public static final int FILE_META_INFORMATION_GROUP_LENGTH = 0x0002_0000;
    public static final int FILE_META_INFORMATION_VERSION = 0x0002_0001;
    public static final int MEDIA_STORAGE_SOP_CLASS_UID = 0x0002_0002;
    public static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x0002_0003;
    public static final int TRANSFER_SYNTAX_UID = 0x0002_0010;
    public static final int IMPLEMENTATION_CLASS_UID = 0x0002_0012;
    public static final int IMPLEMENTATION_VERSION_NAME = 0x0002_0013;

    public static final int SPECIFIC_CHARACTER_SET = 0x0008_0005;
    public static final int IMAGE_TYPE = 0x0008_0008;
    public static final int SOP_CLASS_UID = 0x0008_0016;
    public static final int SOP_INSTANCE_UID = 0x0008_0018;
    public static final int STUDY_DATE = 0x0008_0020;
    public static final int SERIES_DATE = 0x0008_0021;
    public static final int CONTENT_DATE = 0x0008_0023;
    public static final int STUDY_TIME = 0x0008_0030;
    public static final int SERIES_TIME = 0x0008_0031;
    public static final int CONTENT_TIME = 0x0008_0033;
    public static final int ACCESSION_NUMBER = 0x0008_0050;
    public static final int MODALITY = 0x0008_0060;
    public static final int MANUFACTURER = 0x0008_0070;
    public static final int REFERRING_PHYSICIAN_NAME = 0x0008_0090;
    public static final int CODE_VALUE = 0x0008_0100;
    public static final int CODING_SCHEME_DESIGNATOR = 0x0008_0102;
    public static final int CODE_MEANING = 0x0008_0104;
    public static final int STUDY_DESCRIPTION = 0x0008_1030;
    public static final int SERIES_DESCRIPTION = 0x0008_103E;
    public static final int MANUFACTURER_MODEL_NAME = 0x0008_1090;
    public static final int REFERENCED_SERIES_SEQUENCE = 0x0008_1115;
    public static final int REFERENCED_INSTANCE_SEQUENCE = 0x0008_114A;
    public static final int REFERENCED_SOP_CLASS_UID = 0x0008_1150;
    public static final int REFERENCED_SOP_INSTANCE_UID = 0x0008_1155;
    public static final int REFERENCED_FRAME_NUMBER = 0x0008_1160;
    public static final int SOURCE_IMAGE_SEQUENCE = 0x0008_2112;
    public static final int DERIVATION_IMAGE_SEQUENCE = 0x0008_9124;
    public static final int DERIVATION_CODE_SEQUENCE = 0x0008_9215;
    public static final int PURPOSE_OF_REFERENCE_CODE_SEQUENCE = 0x0040_A170;

    public static final int PATIENT_NAME = 0x0010_0010;
    public static final int PATIENT_ID = 0x0010_0020;
    public static final int ISSUER_OF_PATIENT_ID = 0x0010_0021;
    public static final int PATIENT_BIRTH_DATE = 0x0010_0030;
    public static final int PATIENT_SEX = 0x0010_0040;
    public static final int PATIENT_AGE = 0x0010_1010;
    public static final int PATIENT_SIZE = 0x0010_1020;
    public static final int PATIENT_WEIGHT = 0x0010_1030;
    public static final int PATIENT_IDENTITY_REMOVED = 0x0012_0062;
    public static final int DEIDENTIFICATION_METHOD = 0x0012_0063;

    public static final int SLICE_THICKNESS = 0x0018_0050;
    public static final int SPACING_BETWEEN_SLICES = 0x0018_0088;
    public static final int DEVICE_SERIAL_NUMBER = 0x0018_1000;
    public static final int SOFTWARE_VERSIONS = 0x0018_1020;
    public static final int IMAGER_PIXEL_SPACING = 0x0018_1164;

    public static final int STUDY_INSTANCE_UID = 0x0020_000D;
    public static final int SERIES_INSTANCE_UID = 0x0020_000E;
    public static final int STUDY_ID = 0x0020_0010;
    public static final int SERIES_NUMBER = 0x0020_0011;
    public static final int INSTANCE_NUMBER = 0x0020_0013;
    public static final int IMAGE_POSITION_PATIENT = 0x0020_0032;
    public static final int IMAGE_ORIENTATION_PATIENT = 0x0020_0037;
    public static final int FRAME_OF_REFERENCE_UID = 0x0020_0052;
    public static final int POSITION_REFERENCE_INDICATOR = 0x0020_1040;
    public static final int FRAME_CONTENT_SEQUENCE = 0x0020_9111;
    public static final int PLANE_POSITION_SEQUENCE = 0x0020_9113;
    public static final int PLANE_ORIENTATION_SEQUENCE = 0x0020_9116;
    public static final int DIMENSION_INDEX_VALUES = 0x0020_9157;
    public static final int DIMENSION_ORGANIZATION_UID = 0x0020_9164;
    public static final int DIMENSION_INDEX_POINTER = 0x0020_9165;
    public static final int FUNCTIONAL_GROUP_POINTER = 0x0020_9167;
    public static final int DIMENSION_ORGANIZATION_SEQUENCE = 0x0020_9221;
    public static final int DIMENSION_INDEX_SEQUENCE = 0x0020_9222;
    public static final int DIMENSION_ORGANIZATION_TYPE = 0x0020_9311;
    public static final int DIMENSION_DESCRIPTION_LABEL = 0x0020_9421;

    public static final int SAMPLES_PER_PIXEL = 0x0028_0002;
    public static final int PHOTOMETRIC_INTERPRETATION = 0x0028_0004;
    public static final int PLANAR_CONFIGURATION = 0x0028_0006;
    public static final int NUMBER_OF_FRAMES = 0x0028_0008;
    public static final int ROWS = 0x0028_0010;
    public static final int COLUMNS = 0x0028_0011;
    public static final int PIXEL_SPACING = 0x0028_0030;
    public static final int BITS_ALLOCATED = 0x0028_0100;
    public static final int BITS_STORED = 0x0028_0101;
    public static final int HIGH_BIT = 0x0028_0102;
    public static final int PIXEL_REPRESENTATION = 0x0028_0103;
    public static final int RESCALE_INTERCEPT = 0x0028_1052;
    public static final int RESCALE_SLOPE = 0x0028_1053;
    public static final int SPATIAL_LOCATIONS_PRESERVED = 0x0028_135A;
    public static final int LOSSY_IMAGE_COMPRESSION = 0x0028_2110;
    public static final int LOSSY_IMAGE_COMPRESSION_RATIO = 0x0028_2112;
    public static final int LOSSY_IMAGE_COMPRESSION_METHOD = 0x0028_2114;
    public static final int MODALITY_LUT_SEQUENCE = 0x0028_3000;
    public static final int PIXEL_MEASURES_SEQUENCE = 0x0028_9110;
    public static final int PIXEL_VALUE_TRANSFORMATION_SEQUENCE = 0x0028_9145;

    public static final int SEGMENTATION_TYPE = 0x0062_0001;
    public static final int SEGMENT_SEQUENCE = 0x0062_0002;
    public static final int SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE = 0x0062_0003;
    public static final int SEGMENT_NUMBER = 0x0062_0004;
    public static final int SEGMENT_LABEL = 0x0062_0005;
    public static final int SEGMENT_ALGORITHM_TYPE = 0x0062_0008;
    public static final int SEGMENT_ALGORITHM_NAME = 0x0062_0009;
    public static final int SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062_000A;
    public static final int REFERENCED_SEGMENT_NUMBER = 0x0062_000B;
    public static final int MAXIMUM_FRACTIONAL_VALUE = 0x0062_000E;
    public static final int SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE = 0x0062_000F;
    public static final int SEGMENTS_OVERLAP = 0x0062_0013;
    public static final int CONTENT_LABEL = 0x0070_0080;
    public static final int CONTENT_DESCRIPTION = 0x0070_0081;
    public static final int CONTENT_CREATOR_NAME = 0x0070_0084;

    public static final int REFERENCED_FRAME_OF_REFERENCE_SEQUENCE = 0x3006_0010;
    public static final int RT_REFERENCED_STUDY_SEQUENCE = 0x3006_0012;
    public static final int RT_REFERENCED_SERIES_SEQUENCE = 0x3006_0014;
    public static final int STRUCTURE_SET_ROI_SEQUENCE = 0x3006_0020;
    public static final int ROI_NUMBER = 0x3006_0022;
    public static final int ROI_NAME = 0x3006_0026;
    public static final int ROI_CONTOUR_SEQUENCE = 0x3006_0039;
    public static final int CONTOUR_SEQUENCE = 0x3006_0040;
    public static final int CONTOUR_GEOMETRIC_TYPE = 0x3006_0042;
    public static final int CONTOUR_DATA = 0x3006_0050;
    public static final int REFERENCED_ROI_NUMBER = 0x3006_0084;

    public static final int SHARED_FUNCTIONAL_GROUPS_SEQUENCE = 0x5200_9229;
    public static final int PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = 0x5200_9230;

    public static final int EXTENDED_OFFSET_TABLE = 0x7FE0_0001;
    public static final int FLOAT_PIXEL_DATA = 0x7FE0_0008;
    public static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE0_0009;
    public static final int PIXEL_DATA = 0x7FE0_0010;

    static final int ITEM = 0xFFFE_E000;
    static final int ITEM_DELIMITATION = 0xFFFE_E00D;
    static final int SEQUENCE_DELIMITATION = 0xFFFE_E0DD;

    private Tag() {}

    /// {@return an element as DICOM writes it, for example `(0028,0010)`}
    public static String text(int tag) {
        return "(%04X,%04X)".formatted(tag >>> 16, tag & 0xFFFF);
    }
}
