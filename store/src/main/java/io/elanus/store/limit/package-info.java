/**
 * How much may be taken? One budget per process for memory off the heap, and a reserve of the disk:
 * who takes asks first, and is refused with a sentence before harm. Mapped files are not counted:
 * the system takes their pages back when it needs them. Bad at: knowing what others on the machine
 * take.
 */
@NullMarked
package io.elanus.store.limit;

import org.jspecify.annotations.NullMarked;
