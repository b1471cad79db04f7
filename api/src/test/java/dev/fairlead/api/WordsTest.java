package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Durations, quantities and nearest names.
class WordsTest {
  @Test
  void durationsAreReadAndWritten() {
    assertThat(DurationText.parse("1h30m")).hasValue(Duration.ofMinutes(90));
    assertThat(DurationText.parse("90s")).hasValue(Duration.ofSeconds(90));
    assertThat(DurationText.parse("500ms")).hasValue(Duration.ofMillis(500));
    assertThat(DurationText.format(Duration.ofSeconds(90))).isEqualTo("1m30s");
    assertThat(DurationText.format(Duration.ZERO)).isEqualTo("0s");
    for (String bad : List.of("", "5", "m", "1s1m", "-1s", "1.5h", "5 m", "9999999999s")) {
      assertThat(DurationText.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void aDateStandsForItsEndAndATimeForItself() {
    assertThat(TimeText.parse("2026-12-31")).hasValue(Instant.parse("2027-01-01T00:00:00Z"));
    assertThat(TimeText.parse("2026-12-31T18:00:00Z"))
        .hasValue(Instant.parse("2026-12-31T18:00:00Z"));
    assertThat(TimeText.parse("2026-12-31T18:00:00.5+02:00"))
        .hasValue(Instant.parse("2026-12-31T16:00:00.5Z"));
    for (String bad :
        List.of("", "2026-13-01", "2026-02-30", "31.12.2026", "2026-12-31T18:00", "90d", "now")) {
      assertThat(TimeText.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void quantitiesHaveAmounts() {
    assertThat(new Quantity("4Gi").amount()).isEqualByComparingTo("4294967296");
    assertThat(new Quantity("500m").amount()).isEqualByComparingTo("0.5");
    assertThat(new Quantity("1.5k").amount()).isEqualByComparingTo("1500");
    assertThatThrownBy(() -> new Quantity("4GB")).hasMessage("text is not a quantity: 4GB");
  }

  @Test
  void theNearestNameIsFound() {
    List<String> names = List.of("minReplicas", "maxReplicas", "replicas", "spot");
    assertThat(Nearest.to("maxReplica", names)).hasValue("maxReplicas");
    assertThat(Nearest.to("MAXREPLICAS", names)).hasValue("maxReplicas");
    assertThat(Nearest.to("mniReplicas", names)).hasValue("minReplicas");
    assertThat(Nearest.to("psot", names)).hasValue("spot");
    assertThat(Nearest.to("temperature", names)).isEmpty();
    assertThat(Nearest.to("ab", List.of("xy"))).isEmpty();
  }
}
