package io.elanus.sim.schedule;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/**
 * Virtual threads on a scheduler of our own. The platform has such a maker and keeps it to itself;
 * the JVM is started with {@code --add-opens=java.base/java.lang=ALL-UNNAMED}, and with {@code
 * -Djdk.trackAllThreads=false} so that threads of dead processes are forgotten.
 */
final class VirtualThreads {
  private static final Method MAKER = maker();

  private VirtualThreads() {}

  private static Method maker() {
    try {
      Method maker =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      maker.setAccessible(true);
      return maker;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "virtual threads cannot be scheduled here; start with ./elanus sim", e);
    }
  }

  static Thread create(Executor scheduler, String name, Runnable body) {
    try {
      return (Thread) MAKER.invoke(null, scheduler, name, 0, body);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("no virtual thread could be made", e);
    }
  }
}
