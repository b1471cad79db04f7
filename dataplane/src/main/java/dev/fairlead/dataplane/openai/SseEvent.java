package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/// One server-sent event: its name (`message` when it has none) and its data lines joined by LF.
/// `data` belongs to the reader and is valid only until the call that hands it out returns.
public record SseEvent(String name, ByteBuf data) {
  public SseEvent {
    requireNonNull(name, "name is null");
    requireNonNull(data, "data is null");
  }
}
