package dev.fairlead.app.terminal;

/// Gives Ctrl-C another meaning than the end of the program.
@FunctionalInterface
public interface Interrupts {
  /// Runs `action`, on some thread, at each Ctrl-C until the result is closed.
  Handling handle(Runnable action);

  /// The signals of this process.
  static Interrupts ofThisProcess() {
    return action -> SignalInterrupts.handle("INT", action);
  }

  /// Runs `action` at each SIGTERM of this process, which is how a service manager says stop.
  static Handling terminate(Runnable action) {
    return SignalInterrupts.handle("TERM", action);
  }

  /// Ctrl-C means something else until this is closed.
  @FunctionalInterface
  interface Handling extends AutoCloseable {
    @Override
    void close();
  }
}
