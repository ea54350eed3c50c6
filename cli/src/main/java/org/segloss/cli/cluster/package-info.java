/// Who else does the work: other processes of this machine, and other machines. Knows no command.
package org.segloss.cli.cluster;
