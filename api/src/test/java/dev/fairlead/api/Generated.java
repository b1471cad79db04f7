package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Makes resources that use every field now and then, with texts that YAML readers stumble over.
final class Generated {
  private static final List<String> TEXTS =
      List.of(
          "plain",
          "1.0",
          "010",
          "0x1F",
          "1_000",
          "1e3",
          ".inf",
          "true",
          "Yes",
          "no",
          "null",
          "~",
          "*alias",
          "&anchor",
          "@at",
          "- dash",
          "a: b",
          "a #b",
          "a:",
          "two words",
          " lead",
          "trail ",
          "\"quoted\"",
          "it's",
          "line\nbreak",
          "\n",
          "tab\there",
          "<<",
          "=",
          "!tag",
          "%d",
          "{a}",
          "[x]",
          "2026-01-01",
          "12:30:45",
          "ünïcode",
          "模型",
          "\u0001",
          "back\\slash",
          "|",
          ">-",
          "---",
          "...",
          "? x",
          "é\u2028x",
          "😀");

  private final RandomGenerator random;

  Generated(RandomGenerator random) {
    this.random = random;
  }

  Resource resource() {
    Metadata metadata = new Metadata(name(), maybe(this::name), texts("label."), texts("note/"));
    return switch (random.nextInt(3)) {
      case 0 -> new ModelVersion(metadata, spec());
      case 1 -> new Model(metadata, modelSpec());
      default -> new Tenant(metadata, tenantSpec());
    };
  }

  private Tenant.Spec tenantSpec() {
    return new Tenant.Spec(
        list(() -> "org/model:" + random.nextInt(9)),
        maybe(() ->
            new Tenant.Limits(
                maybe(this::large), maybe(this::large), maybe(this::positive), maybe(this::large))),
        maybe(() -> random.nextInt(-1000, 1001)),
        maybe(random::nextBoolean),
        maybe(() -> pick(new String[] {"x-user", "X-Forwarded-User", "no"})),
        IntStream.range(0, random.nextInt(3)).mapToObj(this::key).toList());
  }

  private Tenant.Key key(int number) {
    return new Tenant.Key(
        pick(new String[] {"spring", "2026", "1e3", "on", "null"}) + "." + number,
        number + pick(new String[] {"0", "a", "1"}).repeat(63),
        maybe(() -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))));
  }

  private long large() {
    return 1 + random.nextLong(1_000_000_000_000L);
  }

  private Model.Spec modelSpec() {
    boolean template = random.nextBoolean();
    return new Model.Spec(
        template ? Optional.of(spec()) : Optional.empty(),
        template ? Optional.empty() : Optional.of(name()),
        maybe(() -> "org/model:" + random.nextInt(9)),
        list(() -> "alias " + random.nextInt(9)),
        maybe(() -> new Model.Rollout(maybe(() -> pick(Model.Strategy.values())))),
        maybe(() -> new Model.Overflow(name())));
  }

  ModelVersion.Spec spec() {
    boolean elsewhere = random.nextInt(4) == 0;
    boolean path = !elsewhere && random.nextBoolean();
    int min = random.nextInt(4);
    return new ModelVersion.Spec(
        maybe(this::filledText),
        path ? Optional.of("/models/" + text().replaceAll("\\p{Cntrl}", "-")) : Optional.empty(),
        path || elsewhere ? Optional.empty() : Optional.of(source()),
        maybe(this::storage),
        elsewhere ? Optional.of(server()) : maybe(this::engine),
        maybe(() -> new ModelVersion.Requirements(quantities(), quantities())),
        maybe(() -> new ModelVersion.Accelerator(maybe(this::name), maybe(this::positive))),
        texts("node."),
        list(this::tree),
        maybe(random::nextBoolean),
        maybe(this::name),
        maybe(this::tree),
        maybe(this::positive),
        Optional.of(min),
        maybe(() -> min + 1),
        maybe(this::autoscaling),
        maybe(() -> new ModelVersion.ColdStart(maybe(this::duration))),
        maybe(() -> duration().plusSeconds(1)),
        maybe(this::tree));
  }

  private ModelVersion.Source source() {
    return new ModelVersion.Source(
        "https://host/a b".replace(" ", "%20") + random.nextInt(9),
        maybe(this::filledText),
        maybe(() -> "0123456789abcdef".repeat(4)),
        maybe(this::name));
  }

  private ModelVersion.Storage storage() {
    return new ModelVersion.Storage(
        maybe(this::name),
        maybe(this::quantity),
        maybe(this::name),
        maybe(() -> pick(ModelVersion.AccessMode.values())));
  }

  private ModelVersion.Engine engine() {
    return new ModelVersion.Engine(
        maybe(this::name),
        maybe(this::filledText),
        list(this::text),
        texts("VAR_"),
        list(this::tree),
        maybe(this::positive),
        maybe(this::positive),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private ModelVersion.Engine server() {
    return new ModelVersion.Engine(
        Optional.of(ModelVersion.Engine.OPENAI),
        Optional.empty(),
        List.of(),
        Map.of(),
        List.of(),
        maybe(this::positive),
        maybe(this::positive),
        Optional.of("https://host:8443/v" + random.nextInt(9)),
        maybe(() -> "org/model:" + random.nextInt(9)),
        maybe(this::name));
  }

  private ModelVersion.Autoscaling autoscaling() {
    return new ModelVersion.Autoscaling(
        maybe(() -> pick(ModelVersion.Mode.values())),
        maybe(this::tree),
        maybe(() -> random.nextInt(100) / 10.0),
        maybe(this::duration));
  }

  private JsonNode tree() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("text", text())
        .put("number", random.nextInt())
        .put("large", 1L << 40)
        .put("fraction", random.nextInt(100) + 0.25)
        .put(filledText().replace("<<", "plain"), random.nextBoolean())
        .putNull("nothing")
        .set("list", JsonNodeFactory.instance.arrayNode().add(text()).addNull());
  }

  private Map<String, Quantity> quantities() {
    Map<String, Quantity> map = new LinkedHashMap<>();
    IntStream.range(0, random.nextInt(3)).forEach(i -> map.put("kind.io/" + i, quantity()));
    return map;
  }

  private Quantity quantity() {
    return new Quantity(pick(new String[] {"1", "0.5", "4Gi", "500m", "10"}));
  }

  private Map<String, String> texts(String prefix) {
    Map<String, String> map = new LinkedHashMap<>();
    String legal = prefix.replace(".", "_").replace("/", "_");
    IntStream.range(0, random.nextInt(3)).forEach(i -> map.put(legal + i, text()));
    return map;
  }

  private Duration duration() {
    return Duration.ofMillis(random.nextInt(3_600_000));
  }

  private int positive() {
    return 1 + random.nextInt(64);
  }

  private String name() {
    return "n-" + random.nextInt(1000) + ".x";
  }

  private String text() {
    return random.nextInt(20) == 0 ? "" : TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private String filledText() {
    String text = text();
    return text.isBlank() ? "filled" : text;
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> List<T> list(Supplier<T> item) {
    return IntStream.range(0, random.nextInt(3)).mapToObj(_ -> item.get()).toList();
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }
}
