package dev.fairlead.app.up;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Calls back on Ctrl-C and SIGTERM instead of letting the JVM end, with how many there were so
/// far. The JDK's only interface to signals is `sun.misc.Signal` of the module `jdk.unsupported`;
/// it is reached by reflection because the compiler forbids its name under `-Werror`.
final class Interrupts {
  private Interrupts() {}

  /// `action` runs on a thread of the JVM's own and must not block it for long.
  static void handle(IntConsumer action) {
    AtomicInteger count = new AtomicInteger();
    Runnable each = () -> action.accept(count.incrementAndGet());
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      each.run();
                      yield null;
                    }
                    case "equals" ->
                        arguments != null
                            && System.identityHashCode(self)
                                == System.identityHashCode(arguments[0]);
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "fairlead's signal handler";
                  });
      for (String name : new String[] {"INT", "TERM"}) {
        Object one = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
      }
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
  }
}
