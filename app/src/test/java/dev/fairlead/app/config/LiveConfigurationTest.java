package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LiveConfigurationTest {
  @TempDir private Path folder;

  private LiveConfiguration following(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("fairlead.yaml"), text);
    return LiveConfiguration.following(
        file, ConfigurationFile.read(file).configuration().orElseThrow());
  }

  /// Replaces the file, so that its identity differs whatever the resolution of its times.
  private void edit(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, folder.resolve("fairlead.yaml"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void anEditIsTakenOnceTheFileIsLeftAlone() throws IOException {
    LiveConfiguration live = following("requests: {maxDepth: 10}\n");
    List<Integer> heard = new ArrayList<>();
    live.onChange(now -> heard.add(now.get(Requests.SECTION).content().depth()));
    assertThat(live.look()).isEmpty();

    edit("requests: {maxDepth: 20}\n");

    assertThat(live.look()).as("it may still be written").isEmpty();
    LiveConfiguration.Edit edit = live.look().orElseThrow();
    assertThat(edit.taken()).containsExactly("requests.maxDepth");
    assertThat(edit.waiting()).isEmpty();
    assertThat(live.get(Requests.SECTION).content().depth()).isEqualTo(20);
    assertThat(heard).containsExactly(20);
    assertThat(live.look()).as("said once").isEmpty();
  }

  @Test
  void whatCannotChangeWhileRunningIsNamed() throws IOException {
    LiveConfiguration live = following("listen: {port: 8080}\n");

    edit("listen: {port: 9090}\ncors: {origins: ['*']}\n");

    live.look();
    LiveConfiguration.Edit edit = live.look().orElseThrow();
    assertThat(edit.taken()).containsExactly("cors.origins");
    assertThat(edit.waiting()).containsExactly("listen.port");
  }

  @Test
  void anEditWithAnErrorChangesNothingAndTheNextOneIsReadAgain() throws IOException {
    LiveConfiguration live = following("requests: {maxDepth: 10}\n");

    edit("requests: {maxDept: 20, maxStop: 3}\n");

    live.look();
    LiveConfiguration.Edit refused = live.look().orElseThrow();
    assertThat(refused.problems())
        .extracting(Problem::message)
        .containsExactly("unknown key `maxDept` in requests; did you mean `maxDepth`?");
    assertThat(live.get(Requests.SECTION).content().depth()).isEqualTo(10);

    edit("requests: {maxDepth: 30}\n");
    live.look();
    assertThat(live.look().map(LiveConfiguration.Edit::taken))
        .isEqualTo(Optional.of(List.of("requests.maxDepth")));
  }

  @Test
  void aFileThatIsGoneIsSaidAndWhatHeldGoesOn() throws IOException {
    LiveConfiguration live = following("requests: {maxDepth: 10}\n");

    Files.delete(folder.resolve("fairlead.yaml"));

    live.look();
    assertThat(live.look().orElseThrow().problems())
        .extracting(Problem::message)
        .containsExactly("there is no such file");
    assertThat(live.get(Requests.SECTION).content().depth()).isEqualTo(10);
  }
}
