package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.EndpointKind;
import dev.fairlead.dataplane.openai.ScannedRequest;
import dev.fairlead.dataplane.openai.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one request and settles it once: counters, metrics and the record that the sinks get
/// tell the same. Confined to the event loop of the request's client.
final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);

  private final InferenceParts parts;
  private final ServerExchange exchange;
  private final Duration auth;
  private final String id;
  private final EndpointKind kind;
  private final Caller caller;
  private String model = "";
  private @Nullable VersionStats stats;
  private RequestRecord.Path path = new RequestRecord.Path("", "", 0, false, 0);
  private Reservation reservation = Reservation.NOTHING;
  private Optional<Usage> usage = Optional.empty();
  private String user = "";
  private long promptGuess;
  private long pieces;
  private boolean unbounded;
  private boolean stream;
  private boolean atReplica;
  private boolean settled;
  private Instant arrived;
  private Optional<Instant> granted = Optional.empty();
  private Optional<Instant> firstEvent = Optional.empty();
  private Optional<Instant> coldSince = Optional.empty();
  private Duration coldStart = Duration.ZERO;
  private Optional<ApiError> error = Optional.empty();
  private String finishReason = "";

  Settlement(InferenceParts parts, ServerExchange exchange, Inference.Asked asked) {
    this.parts = parts;
    this.exchange = exchange;
    this.auth = exchange.age();
    this.id = asked.requestId();
    this.kind = asked.kind();
    this.caller = asked.caller();
    this.arrived = now();
  }

  /// The body is complete: from here the time counts.
  void received(ScannedRequest scanned, String forWhom) {
    arrived = now();
    stream = scanned.stream();
    user = forWhom;
    // A count of tokens costs none, whenever its client leaves.
    promptGuess = kind == EndpointKind.COUNT_TOKENS ? 0 : scanned.estimatedPromptTokens();
    unbounded = scanned.maxTokens().isEmpty() && !kind.whole();
  }

  /// The limits have let the request pass; what it holds of them is settled with it, or at once
  /// when it has ended meanwhile.
  void admitted(Reservation held) {
    if (settled) {
      held.settle(0);
    } else {
      reservation = held;
    }
  }

  Duration sinceArrival() {
    return Duration.between(arrived, now());
  }

  /// The request joins the queue of a version, for the first time or once more.
  void queued(String servedName, String version, int ahead, boolean coldStart) {
    VersionStats counters = parts.topology().stats(version);
    if (model.isEmpty()) {
      counters.arrived();
      path = new RequestRecord.Path(version, "", ahead, coldStart, 0);
    } else {
      path =
          new RequestRecord.Path(
              version, path.replica(), path.ahead(), path.coldStart(), path.replacements());
    }
    model = servedName;
    stats = counters;
    if (coldStart && coldSince.isEmpty()) {
      coldSince = Optional.of(now());
    }
  }

  /// A replica is ready: what the request waits for from here on is a free slot.
  void replicaReady() {
    coldSince.ifPresent(since -> coldStart = coldStart.plus(Duration.between(since, now())));
    coldSince = Optional.empty();
  }

  void granted(Endpoint endpoint) {
    replicaReady();
    granted = Optional.of(now());
    atReplica = true;
    path =
        new RequestRecord.Path(
            path.version(),
            endpoint.replica(),
            path.ahead(),
            path.coldStart(),
            path.replacements());
  }

  void placedAgain(Refusal why) {
    atReplica = false;
    path =
        new RequestRecord.Path(
            path.version(),
            path.replica(),
            path.ahead(),
            path.coldStart(),
            path.replacements() + 1);
    parts.metrics().placedAgain(model, why.header());
    log.debug("placed again id={} replica={} why={}", id, path.replica(), why);
  }

  void firstEvent() {
    Instant now = now();
    firstEvent = Optional.of(now);
    if (stats != null && stream) {
      Duration after = Duration.between(arrived, now);
      stats.firstToken(after, now);
      parts.metrics().firstToken(model, after);
    }
  }

  /// The client is told of an error instead of an answer, or after a part of one.
  void failed(ApiError told) {
    error = Optional.of(told);
  }

  void finishReason(String reason) {
    finishReason = RequestRecord.Ending.reason(reason);
  }

  void pieces(int count) {
    pieces += count;
    if (stats != null) {
      stats.generated(count);
    }
  }

  void usage(Usage told) {
    usage = Optional.of(told);
    if (stats != null) {
      stats.prompt(told.promptTokens());
      if (!stream) {
        stats.generated(told.completionTokens());
      }
    }
    parts
        .metrics()
        .tokens(model, told.promptTokens(), told.cachedTokens(), told.completionTokens());
  }

  /// The value of a `Server-Timing` header (W3C) for what is known so far, in milliseconds.
  String serverTiming() {
    Duration queue = Duration.between(arrived, granted.orElseGet(this::now));
    String timing = "queue;dur=" + millis(queue);
    return granted
        .map(from -> timing + ", engine;dur=" + millis(Duration.between(from, now())))
        .orElse(timing);
  }

  void settle(Outcome end) {
    Outcome outcome = outcome(end);
    Instant now = now();
    replicaReady();
    Duration total = Duration.between(arrived, now);
    settled = true;
    RequestRecord.Tokens tokens = tokens(outcome);
    reservation.settle(tokens.total());
    usage
        .filter(_ -> unbounded && outcome == Outcome.SUCCESS)
        .ifPresent(told -> parts.admissions().answered(model, told.completionTokens()));
    if (stats != null) {
      VersionStats counters = stats;
      granted.ifPresent(from -> counters.served(Duration.between(from, now)));
    }
    parts.metrics().finished(model, outcome, total);
    RequestRecord settled =
        new RequestRecord(
            id,
            arrived,
            caller,
            user,
            model,
            kind.name().toLowerCase(Locale.ROOT),
            stream,
            outcome.label(),
            path,
            new RequestRecord.Times(
                auth,
                coldStart,
                Duration.between(arrived, granted.orElse(now)),
                firstEvent.flatMap(first -> granted.map(from -> Duration.between(from, first))),
                total),
            tokens,
            new RequestRecord.Ending(
                exchange.status(),
                error.map(Settlement::code).or(this::refusal).orElse(""),
                finishReason),
            TraceParent.parse(exchange.header(TraceParent.HEADER)));
    parts.sinks().forEach(sink -> tell(sink, settled));
  }

  /// A client whose body breaks a limit is gone for its request, but it was refused.
  private Outcome outcome(Outcome end) {
    return end == Outcome.CANCELLED
        ? exchange.refusal().map(refused -> Outcome.ofStatus(refused.status())).orElse(end)
        : end;
  }

  private Optional<String> refusal() {
    return exchange.refusal().map(refused -> refused.code());
  }

  private static String code(ApiError told) {
    return told.code().orElseGet(told::type);
  }

  /// What the engine told; else what is known of an answer that was begun, or of a prompt that was
  /// being read for a client that left: or else leaving early would be a way around limits, and
  /// around the day's budget by a restart. An engine that failed before its answer is not paid.
  private RequestRecord.Tokens tokens(Outcome outcome) {
    if (usage.isPresent()) {
      Usage told = usage.get();
      return new RequestRecord.Tokens(
          told.promptTokens(), told.cachedTokens(), told.completionTokens(), false);
    }
    boolean leftInPrefill = atReplica && outcome == Outcome.CANCELLED;
    if (firstEvent.isEmpty() && outcome != Outcome.SUCCESS && !leftInPrefill) {
      return RequestRecord.Tokens.NONE;
    }
    // The first piece of a chat is the role, which is no token.
    long generated = kind == EndpointKind.CHAT ? Math.max(0, pieces - 1) : pieces;
    parts.metrics().tokens(model, promptGuess, 0, generated);
    return new RequestRecord.Tokens(promptGuess, 0, generated, true);
  }

  private static void tell(RequestSink sink, RequestRecord settled) {
    try {
      sink.settled(settled);
    } catch (RuntimeException e) {
      log.error("record not taken id={} sink={}", settled.id(), sink.getClass().getName(), e);
    }
  }

  /// With one decimal; `String.format` would be a tenth of a small request.
  private static String millis(Duration duration) {
    long tenths = Math.max(0, (duration.toNanos() + 50_000) / 100_000);
    return tenths / 10 + "." + tenths % 10;
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
