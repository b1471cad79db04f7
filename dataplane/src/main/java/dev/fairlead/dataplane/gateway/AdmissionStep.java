package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.ScannedRequest;
import java.time.Duration;

/// Asks once for a request whether its tenant's limits let it pass, before it waits for a replica.
/// A tenant without limits passes unasked. The answer's headers say where the tenant stands,
/// whatever becomes of the request. Confined to the event loop of the request's client.
final class AdmissionStep {
  /// The request that is to be admitted.
  interface Owner {
    /// It passes. Called once, also when the request has ended meanwhile: what it holds must be
    /// settled all the same.
    void admitted(Reservation reservation);

    /// A limit refuses it.
    void refused(ApiError error);
  }

  private final Owner owner;
  private final ServerExchange exchange;
  private final InferenceParts parts;
  private final Tenant tenant;
  private boolean passed;

  AdmissionStep(Owner owner, ServerExchange exchange, InferenceParts parts, Tenant tenant) {
    this.owner = owner;
    this.exchange = exchange;
    this.parts = parts;
    this.tenant = tenant;
    this.passed = !tenant.limits().any();
  }

  /// Whether the request has passed: one that is placed again does not ask again.
  boolean passed() {
    return passed;
  }

  /// Asks the store; the owner hears the verdict.
  ///
  /// @param version where the request would go
  void ask(ScannedRequest request, String model, VersionRoute version) {
    Ask ask = new Ask(tenant.name(), tenant.limits(), tokens(request, model, version));
    parts
        .admissions()
        .reserve(
            ask,
            verdict -> {
              if (exchange.loop().inEventLoop()) {
                take(verdict, ask, version);
              } else {
                exchange.loop().execute(() -> take(verdict, ask, version));
              }
            });
  }

  /// What the request may take: no more than the model's context holds, whatever it asks for.
  private long tokens(ScannedRequest request, String model, VersionRoute version) {
    long completion =
        request.kind().whole()
            ? 0
            : request.maxTokens().orElseGet(() -> parts.admissions().completionTokens(model));
    long most = request.estimatedPromptTokens() + completion;
    return version.contextLength() > 0 ? Math.min(most, version.contextLength()) : most;
  }

  private void take(Verdict verdict, Ask ask, VersionRoute version) {
    RateLimitHeaders.of(verdict.standing(), exchange::answerWith);
    switch (verdict) {
      case Verdict.Admitted(var reservation, _) -> {
        passed = true;
        owner.admitted(reservation);
      }
      case Verdict.Refused refused -> {
        parts.admissions().refused(tenant.name(), refused.limit());
        Duration serviceTime = parts.topology().stats(version.version()).serviceTime();
        owner.refused(LimitErrors.of(refused, ask, serviceTime));
      }
    }
  }
}
