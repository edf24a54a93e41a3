package io.elanus.rag.reembed;

import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.document.Documents;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A database and its objects, of which a process that dies changes nothing more. */
final class Mortal {
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean dead;

  /** After so many calls more. */
  void dieAfter(int calls) {
    left.set(calls);
  }

  boolean isDead() {
    return dead;
  }

  Database of(Database database) {
    return wrapped(Database.class, database, true);
  }

  Documents of(Documents documents) {
    return wrapped(Documents.class, documents, false);
  }

  private <T> T wrapped(Class<T> type, T inside, boolean doors) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (doors && method.getReturnType().getPackage() == Database.class.getPackage()) {
                return door(method.getReturnType(), method.invoke(inside));
              }
              live();
              try {
                return method.invoke(inside, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private Object door(Class<?> type, Object inside) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> {
          live();
          try {
            return method.invoke(inside, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private synchronized void live() {
    if (dead || left.getAndDecrement() <= 0) {
      dead = true;
      throw new ElanusException(ErrorCode.NOT_READY, "the process is dead");
    }
  }
}
