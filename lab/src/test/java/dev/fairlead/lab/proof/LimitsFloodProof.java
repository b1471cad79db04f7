package dev.fairlead.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.limits.Flood;
import dev.fairlead.lab.limits.FloodFindings;
import dev.fairlead.lab.limits.FloodPlan;
import dev.fairlead.lab.limits.FloodReport;
import org.junit.jupiter.api.Test;

/// Three minutes of flood over three gateways that share their limits through one Redis, which is
/// killed half-way: no request fails because of it, and no 60 s ever hold more than 1.02 times the
/// limit.
class LimitsFloodProof {
  @Test
  void noMinuteHoldsMoreThanTheLimitWithRedisOrWithoutIt() throws Exception {
    FloodFindings found = Flood.run(FloodPlan.ofMinutes());

    FloodReport.ofThisMachine().write(found);
    assertThat(found.broken()).isEmpty();
  }
}
