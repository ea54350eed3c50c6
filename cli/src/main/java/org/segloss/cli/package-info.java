/// The command line: one class a command, which parses and calls one method. May use everything.
package org.segloss.cli;
