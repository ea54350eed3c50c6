/// Networks: their layers, learnt numbers and first weights. [org.segloss.net.Network] makes one of a plan.
///
/// A network is a forward pass in operations of [org.segloss.torch.Features]. The package uses `org.segloss.plan` and
/// `org.segloss.torch`, and chooses the operators for a network's device; it knows nothing of losses and trainings.
package org.segloss.net;
