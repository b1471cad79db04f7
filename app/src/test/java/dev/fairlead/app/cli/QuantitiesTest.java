package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuantitiesTest {
  @Test
  void sizesHaveTwoOrThreeDigits() {
    assertThat(Quantities.bytes(0)).isEqualTo("0 B");
    assertThat(Quantities.bytes(1023)).isEqualTo("1023 B");
    assertThat(Quantities.bytes(1024)).isEqualTo("1.0 KiB");
    assertThat(Quantities.bytes(98_362_432)).isEqualTo("94 MiB");
    assertThat(Quantities.bytes((1L << 30) - 1)).isEqualTo("1.0 GiB");
    assertThat(Quantities.parameters(7_241_732_096L)).isEqualTo("7.2B");
    assertThat(Quantities.parameters(0)).isEmpty();
  }

  @Test
  void agesHaveOneUnit() {
    assertThat(Quantities.age(Duration.ofSeconds(119))).isEqualTo("119s");
    assertThat(Quantities.age(Duration.ofMinutes(2))).isEqualTo("2m");
    assertThat(Quantities.age(Duration.ofMinutes(119))).isEqualTo("119m");
    assertThat(Quantities.age(Duration.ofHours(47))).isEqualTo("47h");
    assertThat(Quantities.age(Duration.ofDays(3))).isEqualTo("3d");
    assertThat(Quantities.age(Duration.ofSeconds(-1))).isEqualTo("0s");
  }
}
