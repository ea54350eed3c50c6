/// What an experiment is to be: which losses and which families of them, which values of a training's numbers, how many
/// of the folds, how long, and what it takes.
package org.segloss.design;
