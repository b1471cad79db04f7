package dev.fairlead.app.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Handles signals by `sun.misc.Signal` of the module `jdk.unsupported`, the only way that Java
/// has. By reflection, because the compiler warns of every other use and warnings are errors here.
/// Where the class is missing, signals keep their meaning.
final class SignalInterrupts {
  private SignalInterrupts() {}

  static Interrupts.Handling handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object interrupt = signal.getConstructor(String.class).newInstance(name);
      Method handle = signal.getMethod("handle", signal, handler);
      Object proxy =
          Proxy.newProxyInstance(
              SignalInterrupts.class.getClassLoader(), new Class<?>[] {handler}, calling(action));
      Object before = handle.invoke(null, interrupt, proxy);
      return () -> restore(handle, interrupt, before);
    } catch (ReflectiveOperationException | IllegalArgumentException _) {
      return () -> {};
    }
  }

  private static InvocationHandler calling(Runnable action) {
    return (proxy, method, arguments) -> answer(proxy, method.getName(), arguments, action);
  }

  private static @Nullable Object answer(
      Object proxy, String method, Object @Nullable [] arguments, Runnable action) {
    return switch (method) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "equals" ->
          arguments != null
              && System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "interrupts";
    };
  }

  private static void restore(Method handle, Object interrupt, Object before) {
    try {
      handle.invoke(null, interrupt, before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("what could be set can be set again", e);
    }
  }
}
