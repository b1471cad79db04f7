package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RateLimitHeadersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "999, 999ms",
    "1000, 1s",
    "1001, 1.1s",
    "59950, 1m0s",
    "60000, 1m0s",
    "61500, 1m1.5s",
    "360000, 6m0s"
  })
  void timesAreInTheFormOfOpenAi(long millis, String told) {
    assertThat(RateLimitHeaders.time(Duration.ofMillis(millis))).isEqualTo(told);
  }
}
