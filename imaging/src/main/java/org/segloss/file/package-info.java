/// Files that are whole or not there, locks, hashes, CSV and JSON, for all that reads or writes files. Uses nothing of
/// ours.
package org.segloss.file;
