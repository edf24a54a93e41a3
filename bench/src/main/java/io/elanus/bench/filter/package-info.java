/**
 * What do the ways of finding rows under a filter cost? The constants of {@link
 * io.elanus.index.scan.Costs} are taken from here. Bad at anything but made-up rows, which lie
 * farther apart than real ones.
 */
@NullMarked
package io.elanus.bench.filter;

import org.jspecify.annotations.NullMarked;
