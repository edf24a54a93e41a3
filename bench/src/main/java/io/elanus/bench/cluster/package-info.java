/**
 * What does a clustering key spare reads whose filter bounds it? Bad at anything but values that
 * come in no order at all, where it spares most.
 */
@NullMarked
package io.elanus.bench.cluster;

import org.jspecify.annotations.NullMarked;
