package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
  private static final Path PAGE = Path.of("..", "docs", "operations", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(vllm:[a-z0-9_]+?)(?:_total)?` \\|");

  @Test
  void thePageOfMetricsListsEachOfAnAgentAndNoOther() throws IOException {
    List<String> measured =
        new AgentMetrics("m")
            .registry().scrape().stream().map(metric -> metric.getMetadata().getName()).toList();

    List<String> listed =
        ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)).toList();

    assertThat(listed).containsExactlyInAnyOrderElementsOf(measured);
  }
}
