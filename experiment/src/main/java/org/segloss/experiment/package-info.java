/// Losses times cases: what is run, in which folder, by whom, and how it goes on after a break. May use all modules
/// but the command line.
package org.segloss.experiment;
