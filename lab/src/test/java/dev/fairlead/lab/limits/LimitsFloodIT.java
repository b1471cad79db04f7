package dev.fairlead.lab.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Three gateways with one Redis, which is killed in the middle of a burst.
final class LimitsFloodIT {
  @Test
  void gatewaysTogetherLetThroughTheLimitAndNoMoreAlsoWithoutRedis() throws Exception {
    FloodPlan plan = FloodPlan.ofSeconds();

    FloodFindings found = Flood.run(plan);

    assertThat(found.broken()).isEmpty();
    assertThat(found.statuses()).containsKeys(200, 429);
  }
}
