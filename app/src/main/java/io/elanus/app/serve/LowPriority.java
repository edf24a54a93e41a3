package io.elanus.app.serve;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that yield to others: searches go first where merges and index builds want the same core.
 * On Linux {@code setpriority} of a thread's own id sets its nice value (the JVM's own priorities
 * do nothing there); elsewhere the threads are as any other.
 */
final class LowPriority {
  private static final System.Logger LOG = System.getLogger(LowPriority.class.getName());

  /** A quarter or less of a contended core: weights differ by 1.25 a step. */
  private static final int NICE = 10;

  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private LowPriority() {}

  static ThreadFactory threads(ThreadFactory made) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return made;
    }
    Linker linker = Linker.nativeLinker();
    var function = linker.defaultLookup().find("setpriority");
    if (function.isEmpty()) {
      return made;
    }
    FunctionDescriptor shape =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    MethodHandle setPriority = linker.downcallHandle(function.get(), shape);
    return task ->
        made.newThread(
            () -> {
              yieldToOthers(setPriority);
              task.run();
            });
  }

  private static void yieldToOthers(MethodHandle setPriority) {
    try {
      int failed = (int) setPriority.invokeExact(PRIO_PROCESS, CALLING_THREAD, NICE);
      if (failed != 0) {
        LOG.log(System.Logger.Level.DEBUG, "background threads keep their priority");
      }
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority cannot be called", e);
    }
  }
}
