package dev.fairlead.lab.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The search finds what was planted.
class SinkTest {
  private static final Canaries CANARIES = new Canaries(new Random(1));
  private static final String PLANTED = CANARIES.word("a prompt");

  static Stream<String> leaks() {
    return Stream.of(
        PLANTED,
        "10:00:00 DEBUG body={\"content\":\"" + PLANTED + "\"}",
        PLANTED.toUpperCase(Locale.ROOT),
        base64("Basic " + PLANTED),
        base64("k:" + PLANTED + ":v"),
        base64(PLANTED + "!"),
        "fairlead_requests_total{model=\"" + PLANTED + "\"} 1");
  }

  private static String base64(String text) {
    return "Authorization: " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void aPlantedLeakIsFound(String text) {
    assertThat(new Sink("log", "before " + text + " after").leaks(CANARIES.all()))
        .extracting(Canary::place)
        .containsExactly("a prompt");
  }

  @Test
  void whatWasNotPlantedIsNotFound() {
    String other = CANARIES.unsought();

    assertThat(new Sink("log", other + base64(other)).leaks(CANARIES.all())).isEmpty();
  }

  @Test
  void aBinaryFileIsSearchedAsWell() {
    byte[] file = (" \uFFFD" + PLANTED + " ").getBytes(UTF_8);
    file[0] = (byte) 0xff;

    assertThat(Sink.ofBytes("state/ledger.db", file).has(PLANTED)).isTrue();
  }
}
