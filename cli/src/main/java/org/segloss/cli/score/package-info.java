/// Commands that score and compare what is there, and train nothing.
package org.segloss.cli.score;
