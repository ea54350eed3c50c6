/// The inner loops behind one contract, and what shares them out between threads.
///
/// [org.segloss.kernel.Kernels] is the contract of a backend: the arithmetic on the voxels of a block.
/// [org.segloss.kernel.PlainKernels] is to be believed, [org.segloss.kernel.LaneKernels] is fast. Beside it stand
/// loops that only a backend on vector lanes has: of both passes fused, of some voxel losses, of labels in bytes.
/// Whether the JVM has lanes [org.segloss.kernel.VectorModule] knows; classes whose name begins with `Lane` or `Fused`
/// can't be loaded where it has none.
///
/// [org.segloss.kernel.Workers] and [org.segloss.kernel.Pool] share out pieces of work,
/// [org.segloss.kernel.ErrorOrder] sorts voxels, [org.segloss.kernel.Halves] converts numbers of 16 bits.
/// [org.segloss.kernel.Providers] finds the losses and metrics of users; it stands here because both catalogues use it
/// and no other package is below them and hidden from users.
///
/// Uses nothing but the JDK. For the other modules of Segloss; it may change at any time.
package org.segloss.kernel;
