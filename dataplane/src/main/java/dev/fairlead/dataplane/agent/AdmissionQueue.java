package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.admit.Admission;
import dev.fairlead.core.admit.Admission.Occupancy;
import dev.fairlead.core.admit.Admission.Verdict;
import dev.fairlead.dataplane.link.Refusal;
import java.util.ArrayDeque;
import java.util.Optional;

/// Keeps count of who runs and who waits, and gives a slot that becomes free to whoever has waited
/// longest. {@link Admission} decides. Confined to the agent's loop.
final class AdmissionQueue {
  private final int slots;
  private final Runnable changed;
  private final ArrayDeque<Permit> waiting = new ArrayDeque<>();
  private int running;
  private long queuedPrefillTokens;
  private boolean ready;
  private boolean draining;

  /// `changed` runs after each change of a count.
  AdmissionQueue(int slots, Runnable changed) {
    this.slots = Checks.positive(slots, "slots");
    this.changed = requireNonNull(changed, "changed is null");
  }

  /// Why a request that comes now would not be taken; empty when it would.
  Optional<Refusal> refusal() {
    return switch (verdict()) {
      case RUN, WAIT -> Optional.empty();
      case BUSY -> Optional.of(Refusal.BUSY);
      case DRAINING -> Optional.of(Refusal.DRAINING);
      case NOT_READY -> Optional.of(Refusal.NOT_READY);
    };
  }

  /// Takes a request. When the permit does not run at once, `turn` is called once it does.
  ///
  /// @throws IllegalStateException when there is a {@link #refusal}
  Permit admit(long promptTokens, Runnable turn) {
    Verdict verdict = verdict();
    Permit permit = new Permit(promptTokens, turn);
    switch (verdict) {
      case RUN -> {
        permit.state = State.RUNNING;
        running++;
      }
      case WAIT -> waiting.add(permit);
      case BUSY, DRAINING, NOT_READY ->
          throw new IllegalStateException("a request was admitted in spite of " + verdict);
    }
    queuedPrefillTokens += promptTokens;
    changed.run();
    return permit;
  }

  void ready(boolean now) {
    ready = now;
  }

  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  int running() {
    return running;
  }

  int waiting() {
    return waiting.size();
  }

  /// The prompt tokens of those who wait, and of those who run but have not had their first token.
  long queuedPrefillTokens() {
    return queuedPrefillTokens;
  }

  /// Whether nothing runs and nothing waits.
  boolean idle() {
    return running == 0 && waiting.isEmpty();
  }

  private Verdict verdict() {
    return Admission.decide(new Occupancy(slots, running, waiting.size(), ready, draining));
  }

  private void startNext() {
    if (!ready || running >= slots) {
      return;
    }
    Permit next = waiting.poll();
    if (next != null) {
      next.state = State.RUNNING;
      running++;
      next.turn.run();
    }
  }

  private enum State {
    WAITING,
    RUNNING,
    RETURNED
  }

  /// The right of one request to wait for a slot and to use it.
  final class Permit {
    private final Runnable turn;
    private long promptTokens;
    private State state = State.WAITING;

    private Permit(long promptTokens, Runnable turn) {
      this.promptTokens = promptTokens;
      this.turn = turn;
    }

    boolean runs() {
      return state == State.RUNNING;
    }

    /// The engine has read the prompt: its tokens no longer count as queued.
    void promptRead() {
      if (promptTokens > 0) {
        queuedPrefillTokens -= promptTokens;
        promptTokens = 0;
        changed.run();
      }
    }

    /// Gives the place back, whichever it is, and only once: later calls do nothing.
    void giveBack() {
      State before = state;
      if (before == State.RETURNED) {
        return;
      }
      state = State.RETURNED;
      queuedPrefillTokens -= promptTokens;
      promptTokens = 0;
      if (before == State.WAITING) {
        waiting.remove(this);
      } else {
        running--;
        startNext();
      }
      changed.run();
    }
  }
}
