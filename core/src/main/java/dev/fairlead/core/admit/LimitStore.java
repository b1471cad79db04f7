package dev.fairlead.core.admit;

import java.util.function.Consumer;

/// Where it is counted what tenants use. Any thread may call it; nothing blocks and nothing is
/// thrown at the caller: a store that is cut off from its memory decides by itself.
public interface LimitStore extends AutoCloseable {
  /// Decides about one request. The answer comes once: in the calling thread before this returns,
  /// or later in a thread of the store's, which must not be blocked.
  void reserve(Ask ask, Consumer<Verdict> answer);

  @Override
  void close();
}
