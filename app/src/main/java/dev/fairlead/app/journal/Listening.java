package dev.fairlead.app.journal;

/// Somebody listens; `close` ends it.
@FunctionalInterface
public interface Listening extends AutoCloseable {
  @Override
  void close();
}
