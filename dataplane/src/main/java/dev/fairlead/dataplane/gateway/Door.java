package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.net.Refusal;
import dev.fairlead.dataplane.net.RefusalListener;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.ApiError;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refuses requests before they are requests for an answer, and tells of it. All are counted, but
/// for those whose head has not come and connections that are refused. The sinks are told of {@link
/// #MOST_A_SECOND} a second: whoever has no key must not be able to fill a disk, or to crowd the
/// requests of others out of a log. Neither the ledger nor the recent requests have them, for the
/// same reason. Safe for every thread.
public final class Door implements RefusalListener {
  static final int MOST_A_SECOND = 100;

  private static final Logger log = LoggerFactory.getLogger(Door.class);

  private final List<RequestSink> sinks;
  private final InstantSource clock;
  private final Supplier<String> requestIds;
  private final Counter refusals;
  private long second;
  private int toldInSecond;

  /// @param requestIds makes the id of a request that ends here
  public Door(
      List<RequestSink> sinks,
      PrometheusRegistry registry,
      InstantSource clock,
      Supplier<String> requestIds) {
    this.sinks = List.copyOf(sinks);
    this.clock = clock;
    this.requestIds = requestIds;
    this.refusals =
        Counter.builder()
            .name("fairlead_door_refusals_total")
            .help("Requests that were refused before they were requests for an answer")
            .labelNames("error")
            .register(registry);
  }

  /// Answers with the error.
  ///
  /// @param caller empty where nobody knows who it is
  void refuse(ServerExchange exchange, Optional<Caller> caller, ApiError error) {
    String id = requestIds.get();
    tell(exchange, id, caller, new Told(error.status(), error.code().orElseGet(error::type)));
    Answers.error(exchange, id, error);
  }

  /// Answers a method that the path does not take.
  ///
  /// @param allowed those that it takes
  void refuseMethod(ServerExchange exchange, Caller caller, String allowed) {
    String id = requestIds.get();
    ApiError error = GatewayErrors.wrongMethod(exchange.path(), allowed);
    tell(exchange, id, Optional.of(caller), new Told(error.status(), "method_not_allowed"));
    Answers.wrongMethod(exchange, id, error, allowed);
  }

  /// What stands before the gateway refuses: the server, the guard of a loopback, another handler.
  @Override
  public void refusing(ServerExchange exchange, Refusal refusal) {
    String id = requestIds.get();
    exchange.answerWith(Answers.REQUEST_ID, id);
    tell(exchange, id, Optional.empty(), new Told(refusal.status(), refusal.code()));
  }

  private record Told(int status, String error) {}

  private void tell(ServerExchange exchange, String id, Optional<Caller> caller, Told told) {
    refusals.labelValues(told.error()).inc();
    Instant now = clock.instant();
    if (sinks.isEmpty() || !mayTell(now.getEpochSecond())) {
      return;
    }
    DoorRecord refused =
        new DoorRecord(
            id,
            now,
            exchange.age(),
            new DoorRecord.Sender(
                caller.map(one -> one.tenant().name()).orElse(""),
                caller.map(Caller::key).orElse(""),
                exchange.remoteAddress().getAddress().getHostAddress()),
            DoorRecord.Asked.of(exchange),
            told.status(),
            told.error(),
            TraceParent.parse(exchange.header(TraceParent.HEADER)));
    for (RequestSink sink : sinks) {
      try {
        sink.refused(refused);
      } catch (RuntimeException e) {
        log.error("refusal not taken id={} sink={}", id, sink.getClass().getName(), e);
      }
    }
  }

  private synchronized boolean mayTell(long now) {
    if (now != second) {
      second = now;
      toldInSecond = 0;
    }
    return toldInSecond++ < MOST_A_SECOND;
  }
}
