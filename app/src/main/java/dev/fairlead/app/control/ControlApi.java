package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.app.journal.Event;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.DoorGuard;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.Router;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Tokens;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;

/// The internal port: everything that changes a running Fairlead, its metrics and its health. In
/// front stands the door guard, then the token, which only `/health` does without. Safe for every
/// thread.
public final class ControlApi implements Handler {
  /// The path under which the interfaces of both ports lie.
  public static final String ROOT = "/fairlead/v1/";

  private final Installation installation;
  private final Background background;
  private final PrometheusRegistry metrics;
  private final Handler door;

  /// What it speaks for.
  ///
  /// @param executor for calls that may take time, such as a virtual thread for each task
  public record Wiring(
      Installation installation,
      Watchers watchers,
      PrometheusRegistry metrics,
      Executor executor) {}

  /// @param tokens the tokens that it takes
  /// @param consoleOrigins where the console's page may come from, such as `http://localhost:8080`
  public ControlApi(Wiring wiring, Tokens tokens, Set<String> consoleOrigins) {
    installation = wiring.installation();
    background = new Background(wiring.executor());
    metrics = wiring.metrics();
    var resources = new ResourceRoutes(installation, background);
    var tenants = new TenantRoutes(installation.tenantKeys(), background);
    Router inner =
        Router.builder()
            .route("GET", ROOT + "resources", resources::list)
            .route("DELETE", ROOT + "resources", resources::delete)
            .route("POST", ROOT + "apply", resources::apply)
            .route("POST", ROOT + "scale", resources::scale)
            .route("GET", ROOT + "tenant-keys", tenants::list)
            .route("POST", ROOT + "tenant-keys", tenants::create)
            .route("DELETE", ROOT + "tenant-keys", tenants::revoke)
            .route("GET", ROOT + "logs", new LogRoute(installation, background))
            .route("GET", ROOT + "events", this::events)
            .route("GET", ROOT + "requests", new RequestRoute(installation, background))
            .route("GET", ROOT + "usage", new UsageRoute(installation, background))
            .route("GET", ROOT + "overview", this::overview)
            .route("GET", ROOT + "watch", wiring.watchers()::watch)
            .route("GET", "/metrics", this::metrics)
            .build();
    Handler guarded = tokens.guard(inner);
    Router health = Router.builder().route("GET", "/health", ControlApi::health).build();
    Handler open =
        exchange ->
            exchange.path().equals("/health") ? health.accept(exchange) : guarded.accept(exchange);
    door = new DoorGuard(new CrossOrigin(consoleOrigins, open), Set.of(), consoleOrigins);
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    return door.accept(exchange);
  }

  private static BodyReceiver health(ServerExchange exchange) {
    Answer.json(200, "{\"status\":\"ok\"}").send(exchange);
    return BodyReceiver.ignore();
  }

  private BodyReceiver overview(ServerExchange exchange) {
    background.answer(exchange, () -> Answer.json(200, installation.overview()));
    return BodyReceiver.ignore();
  }

  private BodyReceiver events(ServerExchange exchange) {
    String after = exchange.query("after");
    OptionalInt sequence = after == null ? OptionalInt.of(0) : Numbers.natural(after);
    if (sequence.isEmpty()) {
      Answer.refused(400, "bad_request", "after is not the number of an event: " + after)
          .send(exchange);
    } else {
      background.answer(exchange, () -> events(sequence.getAsInt()));
    }
    return BodyReceiver.ignore();
  }

  private Answer events(long after) {
    var tree = JsonNodeFactory.instance.objectNode();
    var items = tree.putArray("items");
    for (Event event : installation.journal().events()) {
      if (event.sequence() > after) {
        items.add(Wire.event(event));
      }
    }
    return Answer.json(200, tree);
  }

  private BodyReceiver metrics(ServerExchange exchange) {
    background.answer(exchange, this::metrics);
    return BodyReceiver.ignore();
  }

  private Answer metrics() {
    var out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, metrics.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer.Body(200, PrometheusTextFormatWriter.CONTENT_TYPE, out.toString(UTF_8));
  }
}
