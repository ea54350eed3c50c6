/// Kernels of ours that take the place of libtorch's operators for tensors in host memory, where they are faster:
/// [org.segloss.torch.host.HostOperators] has them all. Each gives the numbers of the operator that it replaces, which
/// a test shows, and the same bits for any width of vectors and any number of threads.
///
/// The package uses `org.segloss.torch` and `org.segloss.kernel`; `org.segloss.torch` doesn't know it.
package org.segloss.torch.host;
