package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Endpoint;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.ResponseListener;
import dev.fairlead.dataplane.net.UpstreamCall;
import dev.fairlead.dataplane.net.UpstreamFailure;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.net.UpstreamTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the state stream of one agent for as long as its replica is routed, connecting again
/// when it breaks. Confined to its event loop, except `close`.
final class StateWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateWatch.class);
  private static final Duration SILENCE = Duration.ofSeconds(3L * AgentState.HEARTBEAT_SECONDS);
  private static final long RETRY_MILLIS = 250;
  private static final int MAX_LINE = 4_096;

  /// Who is told what the agent says, on the watch's loop.
  interface Listener {
    void heard(AgentState state);

    /// The stream broke: nothing is known until it is heard again.
    void lost(Endpoint endpoint);
  }

  private final Endpoint endpoint;
  private final EventLoop loop;
  private final HttpClient client;
  private final String token;
  private final Listener listener;
  private final StringBuilder line = new StringBuilder();
  private @Nullable UpstreamCall call;
  private boolean closed;

  StateWatch(
      Endpoint endpoint, EventLoop loop, HttpClient client, String token, Listener listener) {
    this.endpoint = endpoint;
    this.loop = loop;
    this.client = client;
    this.token = token;
    this.listener = listener;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  void start() {
    loop.execute(this::connect);
  }

  /// Callable from any thread.
  @Override
  public void close() {
    loop.execute(() -> {
      closed = true;
      if (call != null) {
        call.cancel();
      }
    });
  }

  private void connect() {
    if (closed) {
      return;
    }
    line.setLength(0);
    HttpHeaders headers =
        new DefaultHttpHeaders().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
    call =
        client.send(
            loop,
            UpstreamRequest.get(
                endpoint.host(),
                endpoint.port(),
                "/fairlead/v1/state",
                headers,
                UpstreamTimeouts.connectWithin(Duration.ofSeconds(2))
                    .withHead(Duration.ofSeconds(5))
                    .withIdle(SILENCE)),
            new Lines());
  }

  private void again(String why) {
    listener.lost(endpoint);
    if (!closed) {
      log.debug("state stream lost replica={} why={}", endpoint.replica(), why);
      var _ = loop.schedule(this::connect, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void heard(String text) {
    AgentState state;
    try {
      state = AgentState.parse(text);
    } catch (IllegalArgumentException e) {
      log.warn("not a state replica={} why={}", endpoint.replica(), e.getMessage());
      return;
    }
    if (state.replica().equals(endpoint.replica())) {
      listener.heard(state);
    }
  }

  private final class Lines implements ResponseListener {
    private int status;

    @Override
    public void head(int answered, HttpHeaders headers) {
      status = answered;
    }

    @Override
    public void data(ByteBuf part) {
      if (status != 200) {
        return;
      }
      String text = part.toString(StandardCharsets.UTF_8);
      for (int i = 0; i < text.length(); i++) {
        char letter = text.charAt(i);
        if (letter != '\n') {
          line.append(letter);
        } else if (!line.isEmpty()) {
          heard(line.toString());
          line.setLength(0);
        }
      }
      if (line.length() > MAX_LINE) {
        line.setLength(0);
      }
    }

    @Override
    public void end() {
      again("ended with status " + status);
    }

    @Override
    public void failed(UpstreamFailure failure) {
      again(failure.detail());
    }
  }
}
