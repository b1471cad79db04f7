package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Placement;
import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.core.usage.UserName;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.TimerWheel;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.BodyScanner;
import dev.fairlead.dataplane.openai.EndpointKind;
import dev.fairlead.dataplane.openai.Scan;
import dev.fairlead.dataplane.openai.ScannedRequest;
import dev.fairlead.dataplane.openai.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request for an answer, from its first byte to its last. Confined to the event loop of its
/// client.
///
/// 1. The body is scanned while it arrives, and kept.
/// 2. The model's name leads to a version, the tenant's limits let the request pass ({@link
///    AdmissionStep}), and the version's queue leads to a replica ({@link Grant}); until then a
///    stream is told why it waits ({@link Hold}).
/// 3. The spliced body goes to the replica's agent and the answer comes back ({@link Relay}).
/// 4. A replica that refuses, or fails before anything was sent, leads back to step 2.
/// 5. Whatever ends it, the grant is released, the body is freed and the outcome is counted once.
final class Inference
    implements BodyReceiver, Waiter, AdmissionStep.Owner, Hold.Owner, Relay.Owner {
  private static final Logger log = LoggerFactory.getLogger(Inference.class);

  /// The clients of one generator tell their language in it: openai-node says `js`.
  private static final String CLIENT_LANGUAGE = "x-stainless-lang";

  /// An agent notices that its engine is gone, and says so, in less time.
  private static final Duration RECHECK = Duration.ofSeconds(2);

  private final InferenceParts parts;
  private final ServerExchange exchange;
  private final EndpointKind kind;
  private final String requestId;
  private final Tenant tenant;
  private final BodyScanner scanner;
  private final RequestBody body;
  private final Attempts attempts;
  private final AdmissionStep admission;
  private final Hold hold;
  private final Settlement settlement;
  private final Overflow overflow;
  private @Nullable ScannedRequest request;
  private @Nullable Target target;
  private @Nullable Grant grant;
  private @Nullable Relay relay;
  private TimerWheel.@Nullable Timer deadline;
  private TimerWheel.@Nullable Timer recheck;
  private boolean over;

  /// Where the request goes, once its model is known.
  private record Target(String model, VersionRoute version, VersionQueue queue, long affinity) {}

  /// What is known of the request before its body.
  record Asked(EndpointKind kind, String requestId, Caller caller) {}

  Inference(InferenceParts parts, ServerExchange exchange, Asked asked) {
    this.parts = parts;
    this.exchange = exchange;
    this.kind = asked.kind();
    this.requestId = asked.requestId();
    this.tenant = asked.caller().tenant();
    this.scanner = new BodyScanner(kind, parts.options().limits().get());
    this.body = new RequestBody(parts.retries());
    this.attempts = new Attempts(parts, requestId);
    this.admission = new AdmissionStep(this, exchange, parts, asked.caller().tenant());
    this.hold = new Hold(this, exchange, parts, requestId);
    this.settlement = new Settlement(parts, exchange, asked);
    this.overflow = new Overflow(parts, asked.caller().tenant());
    exchange.onClientGone(this::clientGone);
  }

  // Step 1: the body.

  @Override
  public void data(ByteBuf chunk) {
    if (over) {
      return;
    }
    body.add(chunk);
    scanner.accept(chunk).ifPresent(this::answer);
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    switch (scanner.finish()) {
      case Scan.Refused refused -> answer(refused.error());
      case ScannedRequest scanned -> {
        request = scanned;
        settlement.received(scanned, user(scanned));
        resolve(scanned, false);
      }
    }
  }

  /// The tenant's own header is more to be trusted than what its programs put into bodies.
  private String user(ScannedRequest scanned) {
    return UserName.clean(
        tenant.attributionHeader().map(exchange::header).or(scanned::user).orElse(""));
  }

  @Override
  public void cancelled() {
    close(Outcome.CANCELLED);
  }

  // Step 2: the version and its queue.

  private void resolve(ScannedRequest scanned, boolean again) {
    VisibleModels models = new VisibleModels(parts.topology().table(), tenant);
    Optional<Route> route = models.find(scanned.model());
    if (route.isEmpty()) {
      answer(models.unknown(scanned.model()));
      return;
    }
    VersionRoute own = Placement.version(route.orElseThrow(), parts.random().nextDouble());
    if (!admission.passed()) {
      admission.ask(scanned, route.orElseThrow().servedName(), own);
      return;
    }
    VersionRoute version = overflow.choose(route.orElseThrow(), own);
    Optional<VersionQueue> queue = parts.topology().queue(version.version());
    if (queue.isEmpty()) {
      // The table has just been replaced; the new one has another version.
      exchange.loop().execute(this::moved);
      return;
    }
    Purpose needed = kind.vectors() ? Purpose.EMBEDDING : Purpose.CHAT;
    if (version.purpose() != needed
        && version.purpose() != Purpose.ANY
        && version.contextLength() > 0) {
      answer(GatewayErrors.wrongPurpose(scanned.model(), kind, version.purpose()));
      return;
    }
    if (version.contextLength() > 0 && scanned.leastPromptTokens() > version.contextLength()) {
      answer(
          GatewayErrors.promptTooLong(kind, version.contextLength(), scanned.leastPromptTokens()));
      return;
    }
    target =
        new Target(route.orElseThrow().servedName(), version, queue.orElseThrow(), body.affinity());
    if (deadline == null) {
      Duration longest = version.maxStreamDuration();
      deadline = TimerWheel.of(exchange.loop()).schedule(() -> tooLong(longest), longest);
    }
    join(target, again);
  }

  @Override
  public void admitted(Reservation reservation) {
    settlement.admitted(reservation);
    if (!over && request != null) {
      resolve(request, false);
    }
  }

  private void join(Target to, boolean again) {
    boolean speaking = mayBeToldToWait(to.version());
    VersionQueue queue = to.queue();
    settlement.queued(to.model(), to.version().version(), queue.waiting(), !queue.anyReady());
    hold.begin(speaking, speaking ? parts.options().streamHold() : to.version().nonStreamingWait());
    if (queue.join(this, again)) {
      parts.demandChanged().run();
    }
  }

  /// A comment settles the status at 200. So only a stream hears one, and not while its prompt may
  /// be too long for the model: a token is rarely less than two bytes, and the engine's 400 shall
  /// be seen as one.
  private boolean mayBeToldToWait(VersionRoute version) {
    return request != null
        && request.stream()
        && (version.contextLength() == 0 || request.promptBytes() <= 2L * version.contextLength());
  }

  @Override
  public EventLoop loop() {
    return exchange.loop();
  }

  @Override
  public long affinity() {
    return target == null ? 0 : target.affinity();
  }

  @Override
  public int priority() {
    return tenant.priority();
  }

  @Override
  public long promptTokens() {
    return request == null ? 1 : request.estimatedPromptTokens();
  }

  @Override
  public PromptBlocks prompt() {
    return request == null ? PromptBlocks.NONE : request.prompt();
  }

  @Override
  public Set<Attempt> failedAt() {
    return attempts.failedAt();
  }

  @Override
  public void moved() {
    if (!over && request != null) {
      resolve(request, true);
    }
  }

  @Override
  public void refused(ApiError error) {
    if (!over) {
      answer(error);
    }
  }

  @Override
  public void replicaReady() {
    settlement.replicaReady();
  }

  @Override
  public String waitingFor() {
    if (target == null) {
      return "waiting";
    }
    if (grant != null) {
      return "a replica of %s reads the prompt".formatted(target.model());
    }
    if (target.queue().anyReady()) {
      int ahead = Math.max(0, target.queue().ahead(this));
      return "waiting for a free slot of %s, %d ahead".formatted(target.model(), ahead);
    }
    return "starting a replica of %s, ready in about %d s"
        .formatted(target.model(), Math.max(1, loadLeft(target).toSeconds()));
  }

  @Override
  public void waitedTooLong() {
    if (target == null || over) {
      return;
    }
    VersionQueue queue = target.queue();
    int ahead = Math.max(0, queue.ahead(this));
    queue.leave(this);
    Duration waited = settlement.sinceArrival();
    answer(
        queue.anyReady()
            ? GatewayErrors.stillQueued(target.model(), waited, ahead, queue.untilServed(ahead + 1))
            : GatewayErrors.stillStarting(target.model(), waited, loadLeft(target)));
  }

  private Duration loadLeft(Target to) {
    Duration left = to.version().expectedLoad().minus(settlement.sinceArrival());
    return left.compareTo(Duration.ofSeconds(1)) > 0 ? left : Duration.ofSeconds(1);
  }

  // Step 3: the replica.

  @Override
  public void granted(Grant given) {
    if (over || request == null || target == null) {
      given.release();
      return;
    }
    hold.granted();
    grant = given;
    settlement.granted(given.endpoint());
    Relay attempt = new Relay(this, exchange, requestId, request.usageAsked());
    relay = attempt;
    try {
      UpstreamRequest outgoing =
          AgentRequest.of(
              given.endpoint(),
              request,
              body.bytes(),
              new AgentRequest.Asked(
                  target.model(),
                  target.version().engineModel(),
                  requestId,
                  parts.options().agentToken(),
                  request.usageAsked() && "js".equals(exchange.header(CLIENT_LANGUAGE)),
                  parts.options().resilience().agentSilence()));
      body.sending();
      try {
        attempt.send(parts.client(), outgoing);
      } finally {
        outgoing.body().release();
      }
    } catch (RuntimeException e) {
      log.error("request not sent id={} replica={}", requestId, given.endpoint().replica(), e);
      attempt.cancel();
      answer(ApiError.internal("The gateway failed. Its log says why."));
    }
  }

  @Override
  public void firstEvent() {
    body.drop();
    hold.end();
    if (grant != null) {
      grant.prefilled();
    }
    settlement.firstEvent();
  }

  @Override
  public void pieces(int count) {
    settlement.pieces(count);
  }

  @Override
  public void usage(Usage usage) {
    settlement.usage(usage);
  }

  @Override
  public void finishReason(String reason) {
    settlement.finishReason(reason);
  }

  @Override
  public void telling(ApiError error) {
    settlement.failed(error);
  }

  @Override
  public String serverTiming() {
    return settlement.serverTiming();
  }

  // Step 4: once more.

  @Override
  public void refused(Refusal why) {
    if (grant == null || target == null || request == null) {
      throw new IllegalStateException("refused without a grant");
    }
    Grant back = grant;
    grant = null;
    relay = null;
    boolean failed = why == Refusal.ENGINE_FAILED;
    Optional<ApiError> end =
        failed
            ? attempts.failed(back.attempt(), target.model(), body.gone())
            : attempts.refused(target.model(), body.gone());
    switch (why) {
      case BUSY -> back.releaseFull();
      case DRAINING, NOT_READY, MISDIRECTED -> back.releaseLost();
      case ENGINE_FAILED -> back.releaseFailed();
    }
    if (end.isPresent()) {
      answer(end.orElseThrow());
      return;
    }
    settlement.placedAgain(why);
    resolve(request, true);
    if (failed && recheck == null) {
      scheduleRecheck();
    }
  }

  private void scheduleRecheck() {
    recheck = TimerWheel.of(exchange.loop()).schedule(this::recheck, RECHECK);
  }

  /// A request that failed at all replicas that say they are ready is not held for a better one.
  /// But a crashed replica may say so for a moment, and its next start is another one.
  private void recheck() {
    if (over || grant != null || target == null) {
      recheck = null;
    } else if (target.queue().failedEverywhere(this) && target.queue().leave(this)) {
      parts.metrics().retryWithheld(target.model(), "replicas");
      answer(attempts.failure());
    } else {
      scheduleRecheck();
    }
  }

  // Step 5: the end.

  private void clientGone() {
    if (over) {
      return;
    }
    if (relay != null) {
      relay.clientGone();
      return;
    }
    if (target != null) {
      target.queue().leave(this);
    }
    close(Outcome.CANCELLED);
  }

  private void tooLong(Duration limit) {
    if (over) {
      return;
    }
    if (target != null) {
      target.queue().leave(this);
    }
    if (relay != null) {
      relay.cancel();
    }
    answer(GatewayErrors.tooLong(limit));
  }

  private void answer(ApiError error) {
    settlement.failed(error);
    if (exchange.started()) {
      exchange.write(Answers.errorEvent(exchange, error));
      exchange.abort();
    } else {
      Answers.error(exchange, requestId, error);
    }
    close(Outcome.ofStatus(error.status()));
  }

  /// The replica's answer ended, whatever it was.
  @Override
  public void finished(Outcome outcome) {
    if (grant != null) {
      switch (outcome) {
        case SUCCESS -> grant.releaseServed();
        case FAILED -> grant.releaseFailed();
        case REFUSED, UNAVAILABLE, CANCELLED -> grant.release();
      }
    }
    close(outcome);
  }

  private void close(Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    hold.end();
    overflow.end();
    if (deadline != null) {
      deadline.cancel();
    }
    if (recheck != null) {
      recheck.cancel();
    }
    if (grant != null) {
      grant.release();
    }
    body.drop();
    settlement.settle(outcome);
  }
}
