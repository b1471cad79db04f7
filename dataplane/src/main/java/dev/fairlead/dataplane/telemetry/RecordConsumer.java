package dev.fairlead.dataplane.telemetry;

import dev.fairlead.dataplane.gateway.GatewayRecord;
import java.io.IOException;
import java.util.List;

/// What a {@link RecordWriter} does with its records, on its thread: it may block.
interface RecordConsumer {
  /// Takes some records, oldest first, and how many were dropped since the last call. An exception
  /// means that none of them was told.
  void tell(List<? extends GatewayRecord> records, long dropped) throws IOException;

  /// Nothing follows.
  void end() throws IOException;
}
