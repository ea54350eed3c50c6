/// TensorBoard's event files: records with checksums, in which messages of Protocol Buffers lie.
///
/// The package knows nothing of trainings; it uses files alone.
package org.segloss.events;
