/// The binding of libtorch, the only package but its own subpackage that knows it: tensors, scopes that free them,
/// devices and threads. On it stand the features of a network, which write down their way back on a tape.
///
/// Operators of which there may be a faster implementation for some memory are behind [org.segloss.torch.Operators],
/// with libtorch's as the plain one. The package uses `org.segloss.plan` for the kinds of numbers, and no package of
/// networks or trainings.
package org.segloss.torch;
