package dev.fairlead.core.plan;

import static dev.fairlead.core.plan.Fixtures.GIB;
import static dev.fairlead.core.plan.Fixtures.model;
import static dev.fairlead.core.plan.Fixtures.prepared;
import static dev.fairlead.core.plan.Fixtures.scaling;
import static dev.fairlead.core.plan.Fixtures.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.plan.Health.State;
import dev.fairlead.core.rollout.Rollout;
import dev.fairlead.core.rollout.RolloutState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Changes of version over many rounds in a simulated world, which fails by itself when a known
/// model has no route.
final class PlannerRolloutTest {
  private final World world = new World();

  @BeforeEach
  void oldVersionServes() {
    world.deploy(model("qwen", "v1"), version("v1", scaling(1, 3)), GIB);
    world.rounds(10);
    world.notes.clear();
  }

  @Test
  void anEditedTemplateWarmsTakesOverAndTheOldOneDrains() {
    edit("v2", scaling(1, 3));
    world.round();
    assertThat(world.active("qwen")).isEqualTo("v1");
    assertThat(world.count("v2")).isEqualTo(1);

    world.ask("qwen", 4);
    world.rounds(2);
    assertThat(world.ready("v1")).isEqualTo(1);
    world.rounds(20);

    assertThat(world.active("qwen")).isEqualTo("v2");
    assertThat(world.count("v1")).isZero();
    assertThat(world.ready("v2")).isEqualTo(1);
    assertThat(world.answered).isEqualTo(4);
    assertThat(world.cut).isZero();
    assertThat(world.notes)
        .extracting(Note::message)
        .containsExactly(
            "v2 is being brought up; v1 serves until it is ready",
            "0 → 1 replicas (minimum): minReplicas is 1; 0 in flight, 0 waiting, 4 at once per replica",
            "v2 takes over from v1",
            "1 → 0 replicas (no traffic): no model needs it any more");
  }

  @Test
  void theOldVersionServesUntilTheNewOneIsReadyInEveryRound() {
    edit("v2", scaling(0, 3));
    for (int i = 0; i < 30; i++) {
      world.ask("qwen", 1);
      Plan plan = world.round();
      String active = world.active("qwen");
      assertThat(world.ready(active)).as("ready replicas of %s", active).isPositive();
      assertThat(plan.routes().find("qwen").orElseThrow().versions().getFirst().version())
          .isEqualTo(active);
    }
    assertThat(world.active("qwen")).isEqualTo("v2");
  }

  @Test
  void underLoadTheNewVersionTakesOverWithAsManyReplicasAndKeepsThem() {
    world.ask("qwen", 300);
    world.rounds(20);
    assertThat(world.ready("v1")).isEqualTo(3);

    edit("v2", scaling(1, 3));
    while (world.active("qwen").equals("v1")) {
      world.round();
    }
    for (int i = 0; i < 20; i++) {
      assertThat(world.ready("v2")).isEqualTo(3);
      world.round();
    }
    world.rounds(60);
    assertThat(world.answered).isEqualTo(300);
    assertThat(world.cut).isZero();
  }

  @Test
  void whereMemoryIsShortTheNewVersionTakesOverWithWhatFits() {
    world.ask("qwen", 600);
    world.rounds(20);
    assertThat(world.ready("v1")).isEqualTo(3);
    world.memoryBytes = 4 * GIB + GIB / 2;

    edit("v2", scaling(1, 3));
    world.rounds(10);
    assertThat(world.active("qwen")).isEqualTo("v2");
    world.rounds(20);
    assertThat(world.ready("v2")).isEqualTo(3);
    assertThat(world.cut).isZero();
  }

  @Test
  void aRolloutWaitsForMemoryInsteadOfRejectingAGoodVersion() {
    world.memoryBytes = GIB + GIB / 2;

    edit("v2", scaling(1, 1));
    Plan plan = world.rounds(20);
    assertThat(world.active("qwen")).isEqualTo("v1");
    assertThat(plan.models().get("qwen"))
        .returns(State.PROGRESSING, Health::state)
        .satisfies(health -> assertThat(health.message()).contains("a replica takes 1,024 MiB"));

    world.memoryBytes = 8 * GIB;
    world.rounds(10);
    assertThat(world.active("qwen")).isEqualTo("v2");
  }

  @Test
  void aModelAtZeroIsNotBlockedByTheVersionThatIsWarmingInItsPlace() {
    world.deploy(model("qwen", "v1"), version("v1", scaling(0, 1)), GIB);
    world.rounds(100);
    assertThat(world.count("v1")).isZero();
    world.memoryBytes = GIB + GIB / 2;

    edit("v2", scaling(0, 1));
    world.rounds(2);
    world.ask("qwen", 2);
    for (int i = 0; i < 12; i++) {
      assertThat(world.round().routes().find("qwen").orElseThrow().versions().getFirst().blocked())
          .isEmpty();
    }
    assertThat(world.answered).isEqualTo(2);
  }

  @Test
  void aVersionThatCannotLoadIsRejectedAndTheOldOneHeld() {
    world.brokenForGood.add("v2");
    edit("v2", scaling(1, 3));
    Plan plan = world.rounds(10);

    assertThat(world.memory.rollouts())
        .containsEntry("qwen", new RolloutState.Rejected("v1", "v2", "truncated file"));
    assertThat(plan.models().get("qwen"))
        .isEqualTo(
            new Health(
                State.READY,
                "RolloutRejected",
                "v2 rejected, holding v1 until the spec changes: truncated file"));
    assertThat(world.count("v2")).isZero();
    assertThat(world.ready("v1")).isEqualTo(1);
    assertThat(world.notes)
        .anySatisfy(note ->
            assertThat(note)
                .returns(Note.Severity.WARNING, Note::severity)
                .returns("RolloutRejected", Note::reason));
  }

  @Test
  void aVersionWhoseEngineKeepsCrashingIsRejectedLongBeforeTheDeadline() {
    world.crashing.add("v2");
    edit("v2", scaling(1, 3));
    world.rounds(60);

    assertThat(world.memory.rollouts())
        .containsEntry(
            "qwen", new RolloutState.Rejected("v1", "v2", "its engine ended 4 times: signal 11"));
  }

  @Test
  void aRejectionIsQuietAfterwards() {
    world.brokenForGood.add("v2");
    edit("v2", scaling(1, 3));
    world.rounds(20);
    world.notes.clear();
    Memory settled = world.memory;

    Plan plan = world.rounds(100);

    assertThat(world.notes).isEmpty();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.memory().rollouts()).isEqualTo(settled.rollouts());
  }

  @Test
  void theFixOfARejectedVersionTakesOver() {
    world.brokenForGood.add("v2");
    edit("v2", scaling(1, 3));
    world.rounds(20);

    edit("v3", scaling(1, 3));
    world.rounds(20);

    assertThat(world.active("qwen")).isEqualTo("v3");
  }

  @Test
  void theFixOfADeadVersionIsNotBlockedByIt() {
    world.brokenForGood.add("v1");
    world.rounds(3);
    world.ask("qwen", 2);

    edit("v2", scaling(1, 3));
    world.round();
    assertThat(world.active("qwen")).isEqualTo("v2");
    world.rounds(15);
    assertThat(world.answered).isEqualTo(2);
    assertThat(world.count("v1")).isZero();
  }

  @Test
  void aDownloadThatTakesLongerThanTheDeadlineIsNoReasonToReject() {
    edit("v2", scaling(1, 3));
    world.preparations.remove("v2");
    Plan plan = world.round();
    assertThat(plan.actions()).hasOnlyElementsOfType(Action.Prepare.class).hasSize(1);
    world.rounds((int) Rollout.DEADLINE.toSeconds() + 60);
    assertThat(world.memory.rollouts().get("qwen")).isInstanceOf(RolloutState.Provisioning.class);

    world.preparations.put("v2", prepared(GIB));
    world.rounds(20);
    assertThat(world.active("qwen")).isEqualTo("v2");
  }

  @Test
  void aVersionThatIsNeverReadyIsRejectedAtTheDeadline() {
    world.memoryBytes = GIB + GIB / 2;
    edit("v2", scaling(1, 1));
    world.rounds((int) Rollout.DEADLINE.toSeconds() + 2);

    assertThat(world.memory.rollouts().get("qwen"))
        .isInstanceOfSatisfying(
            RolloutState.Rejected.class,
            rejected ->
                assertThat(rejected.why())
                    .startsWith("not ready within 15 min: a replica takes 1,024 MiB"));
  }

  @Test
  void thereAndBackAgainLeavesWhatWasThere() {
    List<String> before = List.copyOf(world.replicas.keySet());
    edit("v2", scaling(1, 3));
    world.rounds(3);
    edit("v1", scaling(1, 3));
    world.rounds(10);

    assertThat(world.active("qwen")).isEqualTo("v1");
    assertThat(world.replicas).containsOnlyKeys(before);
    assertThat(world.notes).last().returns("no traffic", note -> reasonOf(note));
  }

  @Test
  void aVersionThatIsNotThereYetLeavesTheOldOneServingAndIsTakenUpWhenItComes() {
    world.models.put("qwen", model("qwen", "v2"));
    Plan plan = world.rounds(5);
    assertThat(world.active("qwen")).isEqualTo("v1");
    assertThat(plan.models().get("qwen"))
        .returns(State.READY, Health::state)
        .returns("VersionNotFound", Health::reason);

    edit("v2", scaling(1, 3));
    world.rounds(20);
    assertThat(world.active("qwen")).isEqualTo("v2");
  }

  private void edit(String version, Scaling scaling) {
    world.deploy(model("qwen", version), version(version, scaling), GIB);
  }

  private static String reasonOf(Note note) {
    return note.message().replaceAll("(?s).*\\((.*?)\\): .*", "$1");
  }
}
