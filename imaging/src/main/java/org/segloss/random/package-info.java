/// Random numbers that are counted, not remembered: a draw follows from a seed, a purpose and its place. Uses nothing
/// but the JDK.
package org.segloss.random;
