package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.RequestLimits;
import dev.fairlead.dataplane.net.Router;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.ServerTimeouts;
import dev.fairlead.dataplane.openai.EndpointKind;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands before one engine: takes what it can run, relays and normalises, and tells gateways how
/// it is. Whoever runs the engine says when it listens and when it is gone; the rest the agent
/// finds out. Public methods are for every thread; what they cause happens on the agent's loop, so
/// soon after.
///
/// ```
/// POST the paths of EndpointKind, such as /v1/chat/completions   with a gateway's token
/// GET  /fairlead/v1/state                                        with a gateway's token
/// GET  /health (it listens), /ready (it takes requests), /metrics
/// ```
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /// A gateway stops reading for a client that reads slowly, and cuts it off itself when it does
  /// not read at all: that must not look as if the replica had failed.
  private static final Duration GATEWAY_STALL = Duration.ofMinutes(5);

  private final AgentOptions options;
  private final AgentEvents events;
  private final EventLoop loop;
  private final AgentMetrics metrics;
  private final AdmissionQueue queue;
  private final EngineWatch engine;
  private final StateFeed feed;
  private final RelayDesk desk;
  private final Drain drain;
  private final HttpServer server;
  private volatile AgentState state;

  private Agent(AgentOptions options, AgentRuntime runtime, AgentEvents events) {
    this.options = options;
    this.events = events;
    loop = runtime.loops().next();
    metrics = new AgentMetrics(options.version());
    queue = new AdmissionQueue(options.slots(), this::occupancyChanged);
    engine = new EngineWatch(loop, runtime.client(), options, new EngineSteps());
    feed = new StateFeed(loop, this::describe, options.state());
    desk =
        new RelayDesk(
            new Site(
                options,
                loop,
                runtime.client(),
                engine,
                metrics,
                runtime.clock(),
                runtime.random()),
            queue);
    drain = new Drain(loop, () -> queue.idle() && desk.idle(), this::allSent, this::drained);
    state = describe(0);
    server = HttpServer.start(serverOptions(options), runtime.loops(), routes());
    loop.execute(feed::start);
  }

  /// Listens. There is no engine yet: say so by `engineListening`.
  ///
  /// @throws dev.fairlead.dataplane.net.ListenException when the address cannot be bound
  public static Agent start(AgentOptions options, AgentRuntime runtime, AgentEvents events) {
    requireNonNull(events, "events is null");
    return new Agent(options, runtime, new GuardedEvents(events));
  }

  /// Where gateways find it.
  public int port() {
    return server.address().getPort();
  }

  /// How it is, as of the last change.
  public AgentState state() {
    return state;
  }

  /// What `/metrics` shows.
  public PrometheusRegistry metrics() {
    return metrics.registry();
  }

  /// The engine accepts connections there. An engine that listened before is taken for gone.
  public void engineListening(String host, int port) {
    loop.execute(() -> {
      leaveEngine("another engine was started");
      engine.listening(EngineTarget.child(host, port));
    });
  }

  /// A server elsewhere runs the model; the agent finds out by itself whether it answers. An engine
  /// that listened before is taken for gone.
  public void engineElsewhere(EngineTarget server) {
    loop.execute(() -> {
      leaveEngine("another engine took over");
      engine.listening(server);
    });
  }

  /// The engine is gone, or about to. Requests of which nothing was sent are refused, streams end
  /// with an error.
  ///
  /// @param why one line for people and the log
  public void engineGone(String why) {
    loop.execute(() -> leaveEngine(why));
  }

  /// Takes no more requests from now on, which gateways hear at once; what runs or waits is served.
  /// Completes, on the agent's loop, when everything has been sent. There is no way back.
  public CompletionStage<Void> drain() {
    loop.execute(() -> {
      if (!queue.draining()) {
        LOG.info("draining replica={} running={}", options.replica(), queue.running());
        queue.drain();
        changedUrgently();
      }
      drain.begin();
    });
    return drain.done();
  }

  /// Cuts everything now: `drain` before. Not for an event loop.
  @Override
  public void close() {
    loop.submit(
            () -> {
              leaveEngine("the agent stops");
              feed.close();
              drain.close();
            })
        .awaitUninterruptibly();
    server.close();
  }

  private static ServerOptions serverOptions(AgentOptions options) {
    ServerTimeouts usual = ServerTimeouts.defaults();
    return ServerOptions.of(options.host(), options.port())
        .withLimits(RequestLimits.defaults().withMaxBodyBytes(options.relay().maxRequestBytes()))
        .withTimeouts(
            new ServerTimeouts(usual.header(), usual.body(), usual.idle(), GATEWAY_STALL));
  }

  private Handler routes() {
    Router.Builder router = Router.builder();
    for (EndpointKind kind : EndpointKind.values()) {
      router.route("POST", kind.path(), options.gateways().guard(desk.handler(kind)));
    }
    return router
        .route("GET", "/fairlead/v1/state", options.gateways().guard(new StateHandler(feed)))
        .route("GET", "/health", exchange -> say(exchange, 200, "listening"))
        .route("GET", "/ready", this::readiness)
        .route("GET", "/metrics", new MetricsHandler(metrics.registry()))
        .build();
  }

  private BodyReceiver readiness(ServerExchange exchange) {
    if (queue.draining()) {
      return say(exchange, 503, "draining");
    }
    boolean ready = engine.phase() == EnginePhase.READY;
    return say(exchange, ready ? 200 : 503, ready ? "ready" : "not ready");
  }

  private static BodyReceiver say(ServerExchange exchange, int status, String word) {
    exchange.respond(
        status,
        new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"),
        ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, word + "\n"));
    return BodyReceiver.ignore();
  }

  private void leaveEngine(String why) {
    engine.gone(why);
    desk.engineGone(why);
  }

  private boolean allSent() {
    return server.openExchanges() <= feed.subscribers();
  }

  private void drained() {
    LOG.info("drained replica={}", options.replica());
    events.drained();
  }

  private AgentState describe(long sequence) {
    return new AgentState(
        options.replica(),
        options.boot(),
        sequence,
        engine.phase() == EnginePhase.READY,
        queue.draining(),
        options.slots(),
        queue.running(),
        queue.waiting(),
        queue.queuedPrefillTokens());
  }

  private void occupancyChanged() {
    metrics.occupancy(queue.running(), queue.waiting());
    state = describe(feed.sequence());
    feed.changed();
    drain.look();
  }

  private void changedUrgently() {
    state = describe(feed.sequence());
    feed.changedUrgently();
  }

  private final class EngineSteps implements EngineWatch.Listener {
    private EnginePhase before = EnginePhase.ABSENT;
    private String failure = "";

    @Override
    public void phaseChanged(EnginePhase phase, String why) {
      LOG.info(
          "engine replica={} version={} phase={} why={}",
          options.replica(),
          options.version(),
          phase,
          why);
      boolean ready = phase == EnginePhase.READY;
      queue.ready(ready);
      if (ready || before == EnginePhase.READY) {
        changedUrgently();
      }
      before = phase;
      failure = "";
      events.phaseChanged(phase, why);
    }

    @Override
    public void warmUpFailed(String why) {
      // It is asked again and again: the same answer is one line.
      if (!why.equals(failure)) {
        LOG.warn("warm-up failed replica={} why={}", options.replica(), why);
        failure = why;
      }
      events.warmUpFailed(why);
    }
  }
}
