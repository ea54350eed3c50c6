package org.segloss.torch;

/// The numbers of a network's features.
public enum Precision {
    FLOAT32,
    /// Half the memory, and on processors with instructions for it half the time; eight bits of significand. The same
    /// training twice need not give the same bits: libtorch's gradients were seen to depend on what memory held
    /// before.
    BFLOAT16
}
