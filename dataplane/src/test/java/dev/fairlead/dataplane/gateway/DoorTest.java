package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.net.FakeExchange;
import dev.fairlead.dataplane.net.Refusal;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoorTest {
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");

  private final List<DoorRecord> told = new ArrayList<>();
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private Instant now = START;
  private final Door door =
      new Door(
          List.of(
              new RequestSink() {
                @Override
                public void settled(RequestRecord request) {
                  throw new AssertionError("no request for an answer: " + request);
                }

                @Override
                public void refused(DoorRecord request) {
                  told.add(request);
                }
              }),
          metrics,
          () -> now,
          () -> "req_1");

  private DoorRecord refuse(String method, String target) {
    door.refuse(new FakeExchange(method, target), Optional.empty(), GatewayErrors.missingKey());
    return told.getLast();
  }

  @Test
  void nothingThatAClientWritesFreelyIsTold() {
    assertThat(refuse("POST", "/v1/chat/completions?key=fl-secret").asked())
        .isEqualTo(new DoorRecord.Asked("POST", "/v1/chat/completions"));
    assertThat(refuse("GET", "/v1/models/fl-secret").asked())
        .isEqualTo(new DoorRecord.Asked("GET", "/v1/models"));
    assertThat(refuse("SECRET", "/fl-secret").asked())
        .isEqualTo(new DoorRecord.Asked("other", "other"));
    assertThat(refuse("GET", "/v1/modelsfl-secret").asked().path()).isEqualTo("other");
    assertThat(told.toString()).doesNotContainIgnoringCase("secret");
  }

  @Test
  void aRefusalIsToldWithWhatTheClientGot() {
    FakeExchange exchange = new FakeExchange("GET", "/v1/models/none");
    door.refuse(exchange, Optional.of(Caller.ANONYMOUS), GatewayErrors.invalidKey());

    DoorRecord refused = told.getFirst();
    assertThat(exchange.answerHeaders().get("x-request-id")).isEqualTo(refused.id());
    assertThat(refused.status()).isEqualTo(401).isEqualTo(exchange.status());
    assertThat(refused.error()).isEqualTo("invalid_api_key");
    assertThat(refused.outcome()).isEqualTo("refused");
    assertThat(refused.sender()).isEqualTo(new DoorRecord.Sender("default", "", "127.0.0.1"));
    assertThat(refused.arrived()).isEqualTo(START);
  }

  @Test
  void aFloodIsCountedButNotToldInFull() {
    for (int i = 0; i < 10 * Door.MOST_A_SECOND; i++) {
      refuse("GET", "/");
    }
    assertThat(told).hasSize(Door.MOST_A_SECOND);
    now = START.plusSeconds(1);
    refuse("GET", "/");
    door.refusing(new FakeExchange("GET", "/"), new Refusal(400, "bad_request", "No."));

    assertThat(told).hasSize(Door.MOST_A_SECOND + 2);
    assertThat(counted("invalid_api_key")).isEqualTo(10 * Door.MOST_A_SECOND + 1);
    assertThat(counted("bad_request")).isEqualTo(1);
  }

  private double counted(String error) {
    return metrics.scrape("fairlead_door_refusals"::equals).stream()
        .flatMap(snapshot -> snapshot.getDataPoints().stream())
        .filter(point -> error.equals(point.getLabels().get("error")))
        .mapToDouble(point -> ((CounterSnapshot.CounterDataPointSnapshot) point).getValue())
        .sum();
  }
}
