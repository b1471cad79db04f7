package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.EngineErrors;
import io.netty.buffer.ByteBuf;

/// Reads why an engine refused a request. An engine that says 503 is loading: it was started anew
/// behind the agent's back, and the request can go elsewhere. So it can when the words of a 5xx are
/// not the engine's, which are JSON: what the engine itself says, another one would say as well.
final class ErrorAnswer implements AnswerReader {
  private static final int MAX_BYTES = 64 << 10;
  private static final int LOADING = 503;

  private final LinkRequest request;
  private final int status;
  private final CollectedBody body = new CollectedBody(MAX_BYTES);
  private final Outcome outcome;
  private boolean over;

  ErrorAnswer(LinkRequest request, int status, Outcome outcome) {
    this.request = request;
    this.status = status;
    this.outcome = outcome;
  }

  @Override
  public void data(ByteBuf part) {
    if (!over && !body.add(part)) {
      end();
    }
  }

  @Override
  public void end() {
    if (!over) {
      over = true;
      ApiError error = EngineErrors.from(request.kind(), request.model(), status, body.bytes());
      outcome.failed(error, status == LOADING || (status >= 500 && !isJson()));
    }
  }

  private boolean isJson() {
    ByteBuf bytes = body.bytes();
    int first = bytes.forEachByte(letter -> letter == ' ' || letter == '\r' || letter == '\n');
    return first >= 0 && bytes.getByte(first) == '{';
  }

  @Override
  public void fail(ApiError error) {
    end();
  }

  @Override
  public void release() {
    body.release();
  }
}
