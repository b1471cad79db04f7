package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstancesTest {
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");

  private final Map<Long, Instant> alive = new HashMap<>();
  private final Random random = new Random(1);
  @TempDir private Path folder = Path.of("");
  private Instances instances = open(folder);

  @BeforeEach
  void open() {
    instances = open(folder);
  }

  private Instances open(Path path) {
    return new Instances(
        StateFolder.of(Map.of("FAIRLEAD_STATE", path.toString()), Path.of("/home/nobody")),
        pid -> Optional.ofNullable(alive.get(pid)));
  }

  private Instances.Registration start(long pid, int port) {
    alive.put(pid, START);
    Instances.Registration registration = instances.register(pid, random);
    registration.announce(
        port, URI.create("http://127.0.0.1:" + port), URI.create("http://127.0.0.1:" + (port + 1)));
    return registration;
  }

  @Test
  void theOneThatRunsIsFoundWithItsToken() {
    try (Instances.Registration registration = start(10, 8080)) {
      Instance found = instances.find(OptionalInt.empty());

      assertThat(found.controlUrl()).hasToString("http://127.0.0.1:8081");
      assertThat(found.started()).isEqualTo(START);
      assertThat(found.token()).isEqualTo(registration.token()).hasSize(64);
    }
    assertThat(folder.resolve("instances")).isEmptyDirectory();
  }

  @Test
  void onlyTheUserMayReadTheToken() throws Exception {
    try (Instances.Registration _ = start(10, 8080)) {
      Path instancesFolder = folder.resolve("instances");
      assertThat(mode(instancesFolder.resolve("8080.token"))).isEqualTo("rw-------");
      assertThat(mode(instancesFolder.resolve("8080.json"))).isEqualTo("rw-------");
      assertThat(mode(instancesFolder)).isEqualTo("rwx------");
      assertThat(instancesFolder.resolve("8080.json"))
          .content()
          .doesNotContain(instances.find(OptionalInt.empty()).token());
    }
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void twoTokensDiffer() {
    assertThat(instances.register(1, random).token())
        .isNotEqualTo(instances.register(1, random).token());
  }

  @Test
  void whenNothingRunsTheNextStepIsNamed() {
    assertThatThrownBy(() -> instances.find(OptionalInt.empty()))
        .hasMessage("nothing is running: start it with `fairlead up`");
    assertThatThrownBy(() -> instances.find(OptionalInt.of(9000)))
        .hasMessage("nothing is running on port 9000: start it with `fairlead up --port 9000`");
  }

  @Test
  void ofSeveralOneMustBeChosen() {
    try (Instances.Registration _ = start(10, 9000);
        Instances.Registration _ = start(11, 8080)) {
      assertThatThrownBy(() -> instances.find(OptionalInt.empty()))
          .hasMessage("several are running, on the ports 8080, 9000: choose one with --port");
      assertThat(instances.find(OptionalInt.of(9000)).pid()).isEqualTo(10);
      assertThatThrownBy(() -> instances.find(OptionalInt.of(9001)))
          .hasMessage(
              "nothing is running on port 9001, but on 8080, 9000: choose that with --port");
    }
  }

  @Test
  void whatAKilledProcessLeftIsIgnoredAndCleaned() {
    Instances.Registration killed = start(10, 8080);
    alive.remove(10L);

    assertThat(instances.running()).isEmpty();
    assertThat(folder.resolve("instances")).isEmptyDirectory();
    killed.close();
  }

  @Test
  void anotherProcessWithTheSameIdIsNotTakenForIt() {
    Instances.Registration killed = start(10, 8080);
    alive.put(10L, START.plusSeconds(3600));

    assertThat(instances.running()).isEmpty();
    killed.close();
  }

  @Test
  void aFileThatIsNotUnderstoodHidesNothing() throws Exception {
    try (Instances.Registration _ = start(10, 8080)) {
      Files.writeString(folder.resolve("instances").resolve("1.json"), "{\"port\":");

      assertThat(instances.running()).hasSize(1);
    }
  }

  @Test
  void theStateFolderFollowsTheEnvironment() {
    Path home = Path.of("/home/ada");
    assertThat(StateFolder.of(Map.of(), home).path())
        .isEqualTo(Path.of("/home/ada/.local/state/fairlead"));
    assertThat(StateFolder.of(Map.of("XDG_STATE_HOME", "/state"), home).path())
        .isEqualTo(Path.of("/state/fairlead"));
    assertThat(
            StateFolder.of(Map.of("XDG_STATE_HOME", "/state", "FAIRLEAD_STATE", "/own"), home)
                .path())
        .isEqualTo(Path.of("/own"));
  }
}
