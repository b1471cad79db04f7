package dev.fairlead.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Artifact.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a name leads to.
final class RouteTableTest {

  @Test
  void aModelIsFoundByItsNameAndItsAliases() {
    Route route = route("qwen", "chat", "default");
    RouteTable table = new RouteTable(List.of(route));

    assertThat(table.find("qwen")).containsSame(route);
    assertThat(table.find("default")).containsSame(route);
    assertThat(table.find("Qwen")).isEmpty();
    assertThat(RouteTable.empty().find("qwen")).isEmpty();
  }

  @Test
  void theFirstHolderOfANameKeepsIt() {
    Route first = route("qwen", "chat");
    Route second = route("llama", "chat");

    assertThat(new RouteTable(List.of(first, second)).find("chat")).containsSame(first);
    assertThat(new RouteTable(List.of(second, first)).find("chat")).containsSame(second);
  }

  @Test
  void anAliasNeverHidesAServedName() {
    Route hiding = route("llama", "qwen");
    Route qwen = route("qwen");

    assertThat(new RouteTable(List.of(hiding, qwen)).find("qwen")).containsSame(qwen);
  }

  @Test
  void tablesWithEqualRoutesAreEqual() {
    assertThat(new RouteTable(List.of(route("qwen", "chat"))))
        .isEqualTo(new RouteTable(List.of(route("qwen", "chat"))))
        .hasSameHashCodeAs(new RouteTable(List.of(route("qwen", "chat"))))
        .isNotEqualTo(new RouteTable(List.of(route("qwen"))));
  }

  @Test
  void aRouteHasAtLeastOneVersion() {
    assertThatThrownBy(() -> new Route("qwen", List.of(), 0, List.of()))
        .hasMessage("route qwen has no version");
  }

  private static Route route(String name, String... aliases) {
    VersionRoute version =
        new VersionRoute(
            name + "-v1",
            1,
            Purpose.CHAT,
            4,
            2048,
            Duration.ofSeconds(45),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new Route(name, List.of(aliases), 0, List.of(version));
  }
}
