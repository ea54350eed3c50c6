/// Object stores, such as S3: copies of data sets and runs, which programs work on, and what of them goes back.
package org.segloss.store;
