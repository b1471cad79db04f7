package dev.fairlead.lab.clients;

import dev.fairlead.lab.clients.Outcomes.Seen;
import java.util.List;

/// One Java client library in the behaviour matrix, used as its documentation shows. Blocks; used
/// by one thread, but for `stream`.
interface Column extends AutoCloseable {
  /// Reads a stream to its end; safe for several threads.
  ///
  /// @throws Outcomes.BrokenException when the library reports a failure, with the text before it
  Seen stream(String model, String question, boolean withTool);

  Seen whole(String model, String question);

  List<float[]> embed(String model, List<String> texts);

  /// The status of what the library throws; 0 where it does not tell.
  int status(RuntimeException thrown);

  @Override
  default void close() {}
}
