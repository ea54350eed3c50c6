/// The page, tables and figures of a run. May use all of this module; knows no network.
package org.segloss.report;
