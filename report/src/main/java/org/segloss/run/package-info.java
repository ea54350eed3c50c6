/// What a run leaves behind: its folder and files, its settings, how a training ended, and how it is told to who
/// watches. May use the modules below; knows no network.
package org.segloss.run;
