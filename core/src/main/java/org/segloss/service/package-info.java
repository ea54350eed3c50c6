/// What the library finds of its users' losses and metrics.
package org.segloss.service;
