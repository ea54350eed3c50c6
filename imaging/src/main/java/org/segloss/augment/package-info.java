/// Random changes of training patches.
///
/// An [org.segloss.augment.Augmentation] makes them by its list of transforms, each of which draws from streams of
/// random numbers named after itself. The package reads `org.segloss.image` and knows no network.
package org.segloss.augment;
