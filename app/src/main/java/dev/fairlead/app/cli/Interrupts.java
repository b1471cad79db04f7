package dev.fairlead.app.cli;

/// Gives Ctrl-C another meaning than the end of the program.
@FunctionalInterface
public interface Interrupts {
  /// Runs `action`, on some thread, at each Ctrl-C until the result is closed.
  Handling handle(Runnable action);

  /// The signals of this process.
  static Interrupts ofThisProcess() {
    return SignalInterrupts::handle;
  }

  /// Ctrl-C means something else until this is closed.
  @FunctionalInterface
  interface Handling extends AutoCloseable {
    @Override
    void close();
  }
}
