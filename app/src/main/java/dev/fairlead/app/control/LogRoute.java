package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.engines.process.LogRing;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Serves the output of engines as plain text; with `follow` until the run ends or the client
/// leaves. Immutable; safe for every thread.
final class LogRoute implements Handler {
  private static final int DEFAULT_LINES = 200;
  private static final int MAX_UNREAD_BYTES = 8 << 20;

  private final Installation installation;
  private final Background background;

  LogRoute(Installation installation, Background background) {
    this.installation = installation;
    this.background = background;
  }

  /// What was asked for.
  private record Query(String name, boolean previous, boolean follow, int lines) {}

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    String name = exchange.query("name");
    OptionalInt lines =
        exchange.query("tail") == null
            ? OptionalInt.of(DEFAULT_LINES)
            : Numbers.natural(exchange.query("tail"));
    if (name == null || name.isEmpty() || lines.isEmpty()) {
      Answer.refused(
              400,
              "bad_request",
              "This needs ?name=VERSION; tail, when there, is a number of lines.")
          .send(exchange);
      return BodyReceiver.ignore();
    }
    var query =
        new Query(
            name,
            is(exchange, "previous"),
            is(exchange, "follow") && !exchange.method().equals("HEAD"),
            lines.getAsInt());
    background.run(exchange, () -> find(query), found -> found.run(exchange));
    return BodyReceiver.ignore();
  }

  private static boolean is(ServerExchange exchange, String flag) {
    return "true".equals(exchange.query(flag));
  }

  /// What to do on the loop.
  private interface Then {
    void run(ServerExchange exchange);
  }

  private Then find(Query query) {
    Optional<LogRing> ring;
    try {
      ring = installation.log(query.name(), query.previous());
    } catch (Installation.RefusedException e) {
      return Answer.refused(404, "not_found", String.valueOf(e.getMessage()))::send;
    }
    if (ring.isEmpty()) {
      String message =
          query.previous()
              ? "%s has had one run at most: leave --previous away.".formatted(query.name())
              : "%s has not run yet: its log begins with its first replica."
                  .formatted(query.name());
      return Answer.refused(404, "no_log", message)::send;
    }
    LogRing found = ring.get();
    if (query.follow()) {
      return exchange -> follow(exchange, found, query.lines());
    }
    List<String> lines = found.last(query.lines());
    return Answer.text(lines.isEmpty() ? "" : String.join("\n", lines) + "\n")::send;
  }

  private static void follow(ServerExchange exchange, LogRing ring, int lines) {
    if (exchange.finished()) {
      return;
    }
    exchange.start(
        200,
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
            .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform"));
    var follower = new Follower(exchange, MAX_UNREAD_BYTES);
    follower.begin(ring, lines);
  }

  /// Brings the lines of one ring to one client. `begin` is for the loop; lines come from any
  /// thread.
  private static final class Follower implements LogRing.Follower {
    private final Outbox outbox;
    private LogRing.Subscription subscription = () -> {};

    Follower(ServerExchange exchange, int maxBytes) {
      outbox = new Outbox(exchange, maxBytes, this::left);
    }

    void begin(LogRing ring, int lines) {
      subscription = ring.follow(lines, this);
    }

    private void left() {
      subscription.close();
    }

    @Override
    public void line(String line) {
      outbox.send((line + "\n").getBytes(UTF_8));
    }

    @Override
    public void ended() {
      outbox.finish();
    }
  }
}
