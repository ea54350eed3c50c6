/// Object stores by Hadoop's file systems.
package org.segloss.storage;
