package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.EndpointKind;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes in the requests of gateways. One that cannot be taken is refused before its body is read,
/// and once more behind it, for it counts only when it is complete: a gateway that sends slowly
/// takes no slot. Confined to the agent's loop.
final class RelayDesk {
  private static final Logger LOG = LoggerFactory.getLogger(RelayDesk.class);

  private final Site site;
  private final AdmissionQueue queue;
  private final Set<Relay> relays = new LinkedHashSet<>();
  private boolean beating;

  RelayDesk(Site site, AdmissionQueue queue) {
    this.site = site;
    this.queue = queue;
  }

  /// Serves one of the endpoints.
  Handler handler(EndpointKind kind) {
    return exchange -> accept(kind, exchange);
  }

  /// Ends everything that was taken in, because there is no engine any more.
  void engineGone(String why) {
    for (Relay relay : List.copyOf(relays)) {
      relay.engineGone(why);
    }
  }

  /// Whether nothing is on its way.
  boolean idle() {
    return relays.isEmpty();
  }

  private BodyReceiver accept(EndpointKind kind, ServerExchange exchange) {
    Optional<Refusal> refusal = misdirected(exchange).or(queue::refusal);
    if (refusal.isPresent()) {
      refuse(exchange, refusal.get());
      return BodyReceiver.ignore();
    }
    int maxBytes = site.options().relay().maxRequestBytes();
    return BodyReceiver.whole(exchange, maxBytes, body -> take(kind, exchange, body));
  }

  private Optional<Refusal> misdirected(ServerExchange exchange) {
    String meant = exchange.header(LinkHeaders.REPLICA);
    return meant == null || meant.equals(site.options().replica())
        ? Optional.empty()
        : Optional.of(Refusal.MISDIRECTED);
  }

  private void take(EndpointKind kind, ServerExchange exchange, ByteBuf body) {
    Optional<Refusal> refusal = queue.refusal();
    if (refusal.isPresent()) {
      refuse(exchange, refusal.get());
      return;
    }
    LinkRequest request = LinkRequest.read(kind, exchange.headers(), site.options().version());
    Reply reply = new Reply(exchange);
    Relay relay = new Relay(site, request, body, reply, relays::remove);
    relays.add(relay);
    relay.admitted(queue.admit(request.promptTokens(), relay::begin));
    if (!beating) {
      beating = true;
      scheduleBeat();
    }
  }

  /// One timer for all requests, which runs while there are any.
  private void beat() {
    beating = !relays.isEmpty();
    if (beating) {
      List.copyOf(relays).forEach(Relay::beat);
      scheduleBeat();
    }
  }

  private void scheduleBeat() {
    var _ =
        site.loop()
            .schedule(
                this::beat, site.options().state().heartbeat().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void refuse(ServerExchange exchange, Refusal refusal) {
    LOG.debug("request refused replica={} refusal={}", site.options().replica(), refusal.header());
    new Reply(exchange).refuse(refusal);
  }
}
