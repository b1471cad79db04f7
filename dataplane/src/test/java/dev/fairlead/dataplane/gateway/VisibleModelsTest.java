package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.ModelList;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VisibleModelsTest {
  private static final RouteTable TABLE =
      new RouteTable(
          List.of(
              route("chat", List.of("gpt", "default")),
              route("search", List.of()),
              route("secret", List.of("hidden"))));

  private static Route route(String name, List<String> aliases) {
    VersionRoute version =
        new VersionRoute(
            name + "-1",
            1,
            Purpose.CHAT,
            4,
            64,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new Route(name, aliases, 7, List.of(version));
  }

  private static VisibleModels to(String... models) {
    return new VisibleModels(
        TABLE, new Tenant("team", Limits.NONE, 0, Set.of(models), false, Optional.empty()));
  }

  private static List<String> listed(VisibleModels models) {
    return models.list().entries().stream().map(ModelList.Entry::id).toList();
  }

  @Test
  void whoNamesNoModelMayUseAll() {
    assertThat(listed(to()))
        .containsExactly("chat", "gpt", "default", "search", "secret", "hidden");
  }

  @Test
  void aServedNameBringsItsAliases() {
    VisibleModels models = to("chat");

    assertThat(listed(models)).containsExactly("chat", "gpt", "default");
    assertThat(models.find("gpt")).isPresent();
    assertThat(models.entry("gpt")).contains(new ModelList.Entry("chat", 7));
    assertThat(models.find("search")).isEmpty();
    assertThat(models.entry("secret")).isEmpty();
  }

  @Test
  void anAliasAloneStandsForItselfAndTellsNothingElse() {
    VisibleModels models = to("gpt");

    assertThat(listed(models)).containsExactly("gpt");
    assertThat(models.find("gpt")).isPresent();
    assertThat(models.find("chat")).isEmpty();
    assertThat(models.entry("gpt")).contains(new ModelList.Entry("gpt", 7));
    assertThat(models.unknown("x").message()).contains("gpt").doesNotContain("chat");
  }

  @Test
  void aModelThatIsNotAllowedIsAnsweredLikeOneThatDoesNotExist() {
    VisibleModels models = to("chat", "search");

    VisibleModels without =
        new VisibleModels(new RouteTable(TABLE.routes().subList(0, 2)), models.tenant());

    assertThat(models.find("secret")).isEmpty();
    assertThat(models.unknown("secret"))
        .isEqualTo(without.unknown("secret"))
        .extracting(ApiError::status)
        .isEqualTo(404);
    assertThat(models.unknown("x").toJson()).doesNotContain("secret").doesNotContain("hidden");
  }

  @Test
  void aNameThatIsNotServedIsNotMadeUp() {
    assertThat(listed(to("nowhere"))).isEmpty();
    assertThat(to("nowhere").find("nowhere")).isEmpty();
  }
}
