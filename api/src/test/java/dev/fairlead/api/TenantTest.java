package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.core.admit.TenantSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String CHAT =
      """
      ---
      apiVersion: fairlead.dev/v1alpha1
      kind: ModelVersion
      metadata: {name: chat}
      spec: {modelPath: m}
      """;

  private static String tenant(String metadata, String spec) {
    return """
    ---
    apiVersion: fairlead.dev/v1alpha1
    kind: Tenant
    metadata: {name: %s}
    spec: {%s}
    """
        .formatted(metadata, spec);
  }

  private static String key(String name, String hash) {
    return "keys: [{name: %s, sha256: %s}]".formatted(name, hash);
  }

  private static ResolvedResources resolve(String... documents) {
    ParseResult parsed = ResourceParser.parse(String.join("", documents), "f.yaml");
    assertThat(parsed.problems()).isEmpty();
    return Resources.resolve(parsed, Optional.empty());
  }

  private static List<String> texts(ResolvedResources resolved) {
    return resolved.problems().stream().map(Problem::text).toList();
  }

  @Test
  void anEmptyTenantMayUseAllModelsWithoutLimits() {
    assertThat(resolve(tenant("team", "")).tenants())
        .containsExactly(
            new TenantSpec(
                new dev.fairlead.core.admit.Tenant(
                    "team", Limits.NONE, 0, Set.of(), false, Optional.empty()),
                List.of()));
  }

  @Test
  void everyFieldArrives() {
    ResolvedResources resolved =
        resolve(
            CHAT,
            tenant(
                "team",
                "models: [chat], priority: -5, overflow: true, attributionHeader: X-User,"
                    + " limits: {requestsPerMinute: 1, tokensPerMinute: 3000000000, concurrency: 3,"
                    + " tokensPerDay: 4}, keys: [{name: spring, sha256: "
                    + HASH
                    + ", expires: 2026-12-31}]"));

    assertThat(resolved.problems()).isEmpty();
    assertThat(resolved.tenants())
        .containsExactly(
            new TenantSpec(
                new dev.fairlead.core.admit.Tenant(
                    "team",
                    new Limits(
                        OptionalLong.of(1),
                        OptionalLong.of(3_000_000_000L),
                        OptionalInt.of(3),
                        OptionalLong.of(4)),
                    -5,
                    Set.of("chat"),
                    true,
                    Optional.of("X-User")),
                List.of(
                    new TenantKey(
                        "spring", HASH, Optional.of(Instant.parse("2027-01-01T00:00:00Z"))))));
  }

  @Test
  void aKeyOfTwoTenantsIsAnErrorWithBothPlaces() {
    ResolvedResources resolved =
        resolve(tenant("one", key("a", HASH)), tenant("two", key("b", HASH)));

    assertThat(resolved.hasErrors()).isTrue();
    assertThat(texts(resolved))
        .containsExactly(
            "f.yaml:7:1: Tenant `two`: its key `b` is the key `a` of Tenant `one` in f.yaml:2;"
                + " make a key for each");
  }

  @Test
  void twoTenantsOfOneNameAreAnErrorInAnyNamespace() {
    ResolvedResources resolved = resolve(tenant("one", ""), tenant("one, namespace: x", ""));

    assertThat(texts(resolved))
        .containsExactly(
            "f.yaml:7:1: Tenant `one`: the name is held by the Tenant in f.yaml:2, whatever the"
                + " namespace; choose another");
    assertThat(resolved.tenants()).hasSize(1);
  }

  @Test
  void theNameOfWhoHasNoTenantIsTaken() {
    ResolvedResources resolved = resolve(tenant("default", ""));

    assertThat(resolved.hasErrors()).isTrue();
    assertThat(texts(resolved).getFirst()).contains("called `default`; choose another name");
  }

  @Test
  void aModelThatIsNotThereIsAWarningWithTheNearestName() {
    ResolvedResources resolved = resolve(CHAT, tenant("team", "models: [chat, caht]"));

    assertThat(resolved.hasErrors()).isFalse();
    assertThat(texts(resolved))
        .containsExactly(
            "f.yaml:7:1: warning: Tenant `team`: no model is served as `caht` yet; did you mean"
                + " `chat`?");
    assertThat(resolve(tenant("team", "models: [caht]")).problems())
        .as("the models may stand elsewhere")
        .isEmpty();
  }

  @Test
  void nothingPrintsAHash() {
    ParseResult parsed = ResourceParser.parse(tenant("team", key("a", HASH)), "f.yaml");

    assertThat(parsed.resources().toString()).contains("team").doesNotContain(HASH);
    assertThat(resolve(tenant("team", key("a", HASH))).tenants().toString()).doesNotContain(HASH);
  }

  @Test
  void aPrintedTenantLooksLikeAUserWroteIt() {
    String yaml =
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: Tenant
        metadata:
          name: team
        spec:
          models:
            - org/chat
          limits:
            tokensPerDay: 5000000000
          keys:
            - name: spring
              sha256: "%s"
              expires: "2027-01-01T00:00:00Z"
        """
            .formatted(HASH);
    assertThat(ResourceWriter.yaml(ResourceParser.parse(yaml, "f.yaml").resources()))
        .isEqualTo(yaml);
  }
}
