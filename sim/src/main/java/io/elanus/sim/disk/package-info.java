/**
 * A disk in memory. Question answered: what is left of files and folders when the power goes, or a
 * call fails? Lies under the real log, object store and folders. Bad at: speed of real disks, and
 * links, permissions and everything else that the product does not use.
 */
@NullMarked
package io.elanus.sim.disk;

import org.jspecify.annotations.NullMarked;
