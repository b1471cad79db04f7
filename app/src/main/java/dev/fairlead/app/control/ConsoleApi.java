package dev.fairlead.app.control;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.Router;
import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// The console on the public port: its files at `/`, and what it shows, read-only. Keys and the
/// door guard stand before it. Safe for every thread.
public final class ConsoleApi implements Handler {
  private final StaticFiles files;
  private final Supplier<String> controlUrl;
  private final Router router;

  /// What it speaks for.
  ///
  /// @param executor for calls that may take time, such as a virtual thread for each task
  /// @param controlUrl the origin of the internal port, such as `http://127.0.0.1:8081`, asked for
  ///   at each page: the port may be known only after this one is bound
  public record Wiring(
      Installation installation,
      Watchers watchers,
      Executor executor,
      Supplier<String> controlUrl) {}

  public ConsoleApi(Wiring wiring) {
    this(wiring, "/console");
  }

  ConsoleApi(Wiring wiring, String folder) {
    files = StaticFiles.ofClassPath(folder);
    controlUrl = wiring.controlUrl();
    var background = new Background(wiring.executor());
    Installation installation = wiring.installation();
    router =
        Router.builder()
            .route(
                "GET",
                ControlApi.ROOT + "overview",
                exchange -> {
                  background.answer(exchange, () -> Answer.json(200, installation.overview()));
                  return BodyReceiver.ignore();
                })
            .route("GET", ControlApi.ROOT + "watch", wiring.watchers()::watch)
            .prefix("GET", "/", this::file)
            .build();
  }

  /// Whether a request for this path is for the console.
  public boolean serves(String path) {
    return path.startsWith(ControlApi.ROOT) || files.has(path);
  }

  /// Whether this path shows the whole installation, which is not a tenant's to see.
  public boolean tellsAll(String path) {
    return path.startsWith(ControlApi.ROOT);
  }

  /// Whether this path needs no key: the console's own files, which are the same everywhere.
  public boolean open(String path) {
    return files.has(path);
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    return router.accept(exchange);
  }

  private BodyReceiver file(ServerExchange exchange) {
    files.send(exchange, securityHeaders());
    return BodyReceiver.ignore();
  }

  private HttpHeaders securityHeaders() {
    return new DefaultHttpHeaders()
        .set(
            "content-security-policy",
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self' "
                + controlUrl.get()
                + "; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
        .set("x-content-type-options", "nosniff")
        .set("referrer-policy", "no-referrer");
  }
}
