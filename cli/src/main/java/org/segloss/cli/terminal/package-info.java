/// The screen: what commands print to, tables, how far one is, and what is said when it is stopped. Knows no command.
package org.segloss.cli.terminal;
