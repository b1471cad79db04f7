package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.net.ResponseListener;
import dev.fairlead.dataplane.net.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import java.util.function.Consumer;

/// Reduces an answer to whether its status was 200: then `result` gets nothing, else the reason in
/// one line. The body is dropped.
final class ProbeAnswer implements ResponseListener {
  private final String who;
  private final Consumer<Optional<String>> result;
  private int status;

  /// @param who answers, for the reason
  ProbeAnswer(String who, Consumer<Optional<String>> result) {
    this.who = who;
    this.result = result;
  }

  @Override
  public void head(int newStatus, HttpHeaders headers) {
    status = newStatus;
  }

  @Override
  public void data(ByteBuf part) {}

  @Override
  public void end() {
    result.accept(status == 200 ? Optional.empty() : Optional.of(who + " answered " + status));
  }

  @Override
  public void failed(UpstreamFailure failure) {
    result.accept(Optional.of(failure.detail()));
  }
}
