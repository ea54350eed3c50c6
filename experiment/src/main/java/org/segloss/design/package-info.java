/// What an experiment is to be: which losses and which families of them, which values of a training's numbers, how many
/// of the folds, and how long.
package org.segloss.design;
