package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.LocatedText;
import dev.fairlead.api.Problem;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The types that no section uses yet in these combinations.
final class OptionTypesTest {
  private record Price(BigDecimal input, Optional<BigDecimal> output) {}

  private static final Option<BigDecimal> INPUT =
      Option.of("input", OptionTypes.amount(), "For a million tokens.").required();
  private static final Option<BigDecimal> OUTPUT =
      Option.of("output", OptionTypes.amount(), "For a million tokens.");
  private static final Group<Price> PRICE =
      new Group<>(
          List.of(INPUT, OUTPUT), values -> new Price(values.get(INPUT), values.find(OUTPUT)));

  private final List<Problem> problems = new ArrayList<>();

  private <T> Optional<T> read(OptionType<T> type, String text) {
    return type.read(
        LocatedText.read(text, "c.yaml").documents().getFirst(),
        new Reading("c.yaml", Path.of("/"), "key", problems));
  }

  private List<String> messages() {
    return problems.stream().map(Problem::message).toList();
  }

  @Test
  void aMapOfGroupsIsReadWithNamesThatTheUserChose() {
    var prices = OptionTypes.map("model", PRICE);

    assertThat(read(prices, "qwen: {input: 0.15, output: 0.60}\nllama: {input: 1}"))
        .contains(
            Map.of(
                "qwen",
                new Price(new BigDecimal("0.15"), Optional.of(new BigDecimal("0.60"))),
                "llama",
                new Price(BigDecimal.ONE, Optional.empty())));
    assertThat(prices.inner()).containsExactly(INPUT, OUTPUT);
    assertThat(prices.innerPath()).isEqualTo(".<model>");

    read(prices, "qwen: {output: -1, inputs: 2}");
    assertThat(messages())
        .containsExactly(
            "key.qwen.output: must not be negative, got -1",
            "unknown key `inputs` in key.qwen; did you mean `input`?",
            "key.qwen: `input` is missing");
  }

  @Test
  void aUrlHasOneOfTheSchemes() {
    var url = OptionTypes.url("redis", "rediss");

    assertThat(read(url, "redis://cache.example:6379/0"))
        .contains(URI.create("redis://cache.example:6379/0"));
    assertThat(read(url, "http://cache.example")).isEmpty();
    assertThat(read(url, "'not a url'")).isEmpty();
    assertThat(messages())
        .containsExactly(
            "key: expected a URL that begins with redis:// or rediss://, got 'http://cache.example'",
            "key: expected a URL that begins with redis:// or rediss://, got 'not a url'");
  }

  @Test
  void sizesAreWholeBytesWithinTheirBounds() {
    var size = OptionTypes.size(0, 1L << 40);

    assertThat(read(size, "1.5Ki")).contains(1536L);
    assertThat(read(size, "2M")).contains(2_000_000L);
    assertThat(read(size, "4096")).contains(4096L);
    assertThat(read(size, "500m")).isEmpty();
    assertThat(read(size, "2Ti")).isEmpty();
    assertThat(size.text(64L << 20)).isEqualTo("64Mi");
    assertThat(size.text(1000L)).isEqualTo("1000");
  }

  @Test
  void anOptionWithoutValueAndDefaultIsADefectOfTheProgram() {
    var values = new Values(Map.of());

    assertThat(values.find(OUTPUT)).isEmpty();
    assertThatThrownBy(() -> values.get(OUTPUT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("output has no value and no default");
  }
}
