package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Candidate;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.dataplane.link.AgentState;
import java.util.Optional;

/// How busy one replica is: what its agent said last, and what this gateway has sent it since.
/// Guarded by the lock of its {@link VersionQueue}.
final class ReplicaLoad {
  private final Endpoint endpoint;
  private Optional<AgentState> state = Optional.empty();
  private int starts;
  private boolean wasReady;
  private int others;
  private int sent;
  private long unreadPromptTokens;

  ReplicaLoad(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// What a request that is sent now is sent to.
  Attempt attempt() {
    return new Attempt(endpoint.replica(), starts);
  }

  int sent() {
    return sent;
  }

  void heard(AgentState now) {
    boolean older =
        state.isPresent()
            && state.orElseThrow().boot().equals(now.boot())
            && state.orElseThrow().sequence() >= now.sequence();
    if (!older) {
      boolean restarted = state.isPresent() && !state.orElseThrow().boot().equals(now.boot());
      if (restarted || (now.ready() && !wasReady)) {
        starts++;
      }
      wasReady = now.ready();
      state = Optional.of(now);
      others = Math.max(0, now.running() + now.waiting() - sent);
    }
  }

  /// Nothing is known of it until its agent is heard again.
  void lost() {
    state = Optional.empty();
  }

  /// The agent refused for want of room: its last word was wrong, and the next one is awaited.
  void full() {
    others = state.map(AgentState::slots).orElse(0);
  }

  void charge(long promptTokens) {
    sent++;
    unreadPromptTokens += promptTokens;
  }

  /// The engine has read the prompt: the answer has begun, or will not come.
  void prefilled(long promptTokens) {
    unreadPromptTokens -= promptTokens;
  }

  /// The slot is free at once, not only when the agent says so.
  void release() {
    sent--;
  }

  boolean ready() {
    return state.filter(now -> now.ready() && !now.draining()).isPresent();
  }

  /// The replica for a placement; empty while it does not serve. What this gateway has sent counts
  /// at once: a state that is a tenth of a second old must not draw a herd.
  Optional<Candidate> candidate() {
    return state
        .filter(now -> now.ready() && !now.draining())
        .map(now ->
            new Candidate(
                endpoint,
                now.slots(),
                others + sent,
                Math.max(unreadPromptTokens, now.queuedPrefillTokens())));
  }
}
