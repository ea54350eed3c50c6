/// From predictions and references, in memory or in files, to scores. May use `run`, metrics and the modules below;
/// knows no network.
package org.segloss.score;
