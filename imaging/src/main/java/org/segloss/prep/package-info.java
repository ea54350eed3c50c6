/// What is done to an image before a network sees it: crop, resample, normalize. May use `dataset` and what stands
/// before it.
package org.segloss.prep;
