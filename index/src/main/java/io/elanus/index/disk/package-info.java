/**
 * A graph for data larger than memory (Subramanya et al., "DiskANN", NeurIPS 2019): small codes of
 * all rows in memory say where to go, and a node's vector and neighbours lie together in one page
 * of 4 KiB, several of which are read at a time. Bad at few rows per second from a slow disk, and
 * at data that fits memory, where the other graphs are several times faster.
 */
@NullMarked
package io.elanus.index.disk;

import org.jspecify.annotations.NullMarked;
