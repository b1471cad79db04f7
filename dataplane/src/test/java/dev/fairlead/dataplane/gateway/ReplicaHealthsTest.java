package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.route.Candidate;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.ReplicaHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ReplicaHealthsTest {
  private Instant now = Instant.EPOCH;
  private final ReplicaHealths healths =
      new ReplicaHealths(
          new ReplicaHealth.Policy(2, Duration.ofSeconds(5), Duration.ofMinutes(1)), () -> now);

  @Test
  void anEjectedReplicaIsTriedWithOneRequestAndComesBack() {
    fail("a", 2);
    assertThat(left("a", "b")).containsExactly("b");
    assertThat(healths.out()).isEqualTo(1);

    now = now.plusSeconds(5);
    assertThat(left("a", "b")).containsExactly("a", "b");
    healths.given("a");
    assertThat(left("a", "b")).containsExactly("b");
    healths.served("a");

    assertThat(left("a", "b")).containsExactly("a", "b");
    assertThat(healths.out()).isZero();
    assertThat(healths.ejections()).isEqualTo(1);
  }

  @Test
  void whatIsNotRoutedAnyMoreIsForgotten() {
    fail("a", 2);

    healths.retain(Set.of("b"));

    assertThat(healths.out()).isZero();
    assertThat(left("a", "b")).containsExactly("a", "b");
  }

  private void fail(String replica, int times) {
    for (int i = 0; i < times; i++) {
      healths.failed(replica);
    }
  }

  private List<String> left(String... replicas) {
    List<Candidate> candidates =
        Stream.of(replicas)
            .map(name -> new Candidate(new Endpoint(name, "v", "127.0.0.1", 1), 1, 0, 0))
            .toList();
    return healths.left(candidates).stream()
        .map(candidate -> candidate.endpoint().replica())
        .toList();
  }
}
