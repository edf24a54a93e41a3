/**
 * How much memory may be taken? One budget per process for what lies off the heap: whoever
 * allocates asks first, and is refused with a sentence before harm. Mapped files are not counted:
 * the system takes their pages back when it needs them. Bad at: knowing what others on the machine
 * take.
 */
@NullMarked
package io.elanus.store.memory;

import org.jspecify.annotations.NullMarked;
