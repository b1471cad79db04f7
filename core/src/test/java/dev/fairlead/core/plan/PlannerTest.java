package dev.fairlead.core.plan;

import static dev.fairlead.core.plan.Fixtures.GIB;
import static dev.fairlead.core.plan.Fixtures.model;
import static dev.fairlead.core.plan.Fixtures.pinned;
import static dev.fairlead.core.plan.Fixtures.prepared;
import static dev.fairlead.core.plan.Fixtures.scaling;
import static dev.fairlead.core.plan.Fixtures.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.plan.Health.State;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.VersionRoute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Single models over many rounds in a simulated world; {@link PlannerRolloutTest} has the changes
/// of version.
final class PlannerTest {
  private final World world = new World();

  @Test
  void fiftyRequestsToAModelAtZeroAreAnsweredByTwoReplicasAndThenItIsAtZeroAgain() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(0, 2)), GIB);
    world.rounds(3);
    assertThat(world.count("qwen-v1")).isZero();

    world.ask("qwen", 50);
    world.round();
    assertThat(world.count("qwen-v1")).isEqualTo(2);
    world.rounds(40);
    assertThat(world.answered).isEqualTo(50);
    assertThat(world.count("qwen-v1")).isEqualTo(2);

    world.rounds(70);
    assertThat(world.count("qwen-v1")).isZero();
    assertThat(world.cut).isZero();
    assertThat(world.scaled("qwen-v1"))
        .satisfiesExactly(
            up -> assertThat(up).startsWith("0 → 2 replicas (demand): 0 in flight, 50 waiting"),
            down -> assertThat(down).startsWith("2 → 1 replicas (hold down): no request"),
            zero -> assertThat(zero).startsWith("1 → 0 replicas (idle): no request for 60 s"));
  }

  @Test
  void threadsAreSharedOutAmongTheReplicasThatAPlanStarts() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(2, 2)), GIB);

    assertThat(world.round().actions())
        .hasSize(2)
        .allSatisfy(action ->
            assertThat(action)
                .isInstanceOfSatisfying(
                    Action.Start.class, start -> assertThat(start.threads()).isEqualTo(1)));
  }

  @Test
  void aVersionIsPreparedBeforeAnythingStarts() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(1, 2)), GIB);
    world.preparations.clear();

    Plan plan = world.round();
    assertThat(plan.actions()).hasOnlyElementsOfType(Action.Prepare.class).hasSize(1);
    assertThat(plan.models().get("qwen")).returns(State.PREPARING, Health::state);

    assertThat(world.round().actions()).isEmpty();
    world.preparations.put("qwen-v1", prepared(GIB));
    assertThat(world.round().actions()).hasOnlyElementsOfType(Action.Start.class).hasSize(1);
  }

  @Test
  void unusableFilesAreSaidAndBlockTheRoute() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(1, 2)), GIB);
    world.preparations.put("qwen-v1", new Preparation.Unusable("NotGguf", "it is an HTML page"));

    Plan plan = world.round();

    assertThat(plan.actions()).isEmpty();
    assertThat(plan.models())
        .containsEntry("qwen", new Health(State.FAILED, "NotGguf", "it is an HTML page"));
    assertThat(route(plan, "qwen").blocked()).contains("it is an HTML page");
  }

  @Test
  void filesThatVanishDoNotEndAReplicaThatServes() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(1, 2)), GIB);
    world.rounds(10);
    world.preparations.put("qwen-v1", new Preparation.Unusable("NotFound", "the file is gone"));

    Plan plan = world.rounds(5);

    assertThat(world.ready("qwen-v1")).isEqualTo(1);
    assertThat(plan.models().get("qwen")).returns(State.READY, Health::state);
    assertThat(route(plan, "qwen").blocked()).isEmpty();
  }

  @Test
  void aModelThatCannotLoadIsNotStartedAgainAndAgain() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(1, 2)), GIB);
    world.brokenForGood.add("qwen-v1");
    world.rounds(3);
    world.ask("qwen", 1);

    Plan plan = world.rounds(120);

    assertThat(world.replicas).hasSize(1);
    assertThat(plan.models())
        .containsEntry("qwen", new Health(State.FAILED, "BadModel", "truncated file"));
    assertThat(route(plan, "qwen").blocked()).contains("truncated file");
  }

  @Test
  void aModelAtZeroThatCouldNotLoadIsTriedAgainByALaterRequest() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(0, 2)), GIB);
    world.brokenForGood.add("qwen-v1");
    world.ask("qwen", 1);
    world.rounds(5);
    world.waiting.clear();
    world.rounds(70);
    assertThat(world.replicas).isEmpty();

    world.brokenForGood.clear();
    world.ask("qwen", 1);
    world.rounds(12);
    assertThat(world.answered).isEqualTo(1);
  }

  @Test
  void memoryThatALoadingReplicaHasYetToTakeIsNotGivenAwayTwice() {
    world.memoryBytes = 3 * GIB;
    world.deploy(model("a", "a-v1"), version("a-v1", scaling(2, 2)), GIB);
    world.deploy(model("b", "b-v1"), version("b-v1", scaling(1, 1)), GIB);

    // The world itself fails when more than its memory is in use.
    world.rounds(20);

    assertThat(world.ready("a-v1")).isEqualTo(2);
    assertThat(world.count("b-v1")).isZero();
    assertThat(world.round().models().get("b"))
        .returns(State.FAILED, Health::state)
        .returns("InsufficientMemory", Health::reason);
  }

  @Test
  void aCapByMemoryIsAWarning() {
    world.memoryBytes = 2 * GIB;
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(0, 4)), GIB);
    world.round();
    world.ask("qwen", 400);
    world.round();

    assertThat(world.notes)
        .singleElement()
        .returns(Note.Severity.WARNING, Note::severity)
        .satisfies(note -> assertThat(note.message()).contains("(memory)", "memory for 1"));
  }

  @Test
  void aDeletedModelIsDrainedWithoutCuttingAnAnswerAndItsNameIsGone() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(1, 2)), GIB);
    world.rounds(10);
    world.ask("qwen", 3);
    world.round();
    world.models.clear();

    Plan plan = world.round();
    assertThat(plan.routes().find("qwen")).isEmpty();
    assertThat(plan.memory().rollouts()).isEmpty();
    assertThat(plan.actions()).hasOnlyElementsOfType(Action.Drain.class).hasSize(1);
    world.rounds(5);

    assertThat(world.answered).isEqualTo(3);
    assertThat(world.replicas).isEmpty();
    assertThat(world.scaled("qwen-v1"))
        .last()
        .isEqualTo("1 → 0 replicas (no traffic): no model needs it any more");
  }

  @Test
  void aReplicaOfAVersionThatIsNotEvenDescribedIsDrained() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(1, 2)), GIB);
    world.rounds(10);
    world.models.clear();
    world.versions.clear();

    assertThat(world.round().actions()).hasOnlyElementsOfType(Action.Drain.class).hasSize(1);
    assertThat(world.round().actions()).isEmpty();
  }

  @Test
  void silentGatewaysNeverScaleAnythingDown() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(0, 3)), GIB);
    world.ask("qwen", 200);
    world.rounds(10);
    world.gatewaysSilent = true;

    world.rounds(500);
    assertThat(world.ready("qwen-v1")).isEqualTo(3);
  }

  @Test
  void aControlLoopThatLostItsMemoryTakesNothingAwayAtOnce() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(0, 3)), GIB);
    world.ask("qwen", 80);
    world.rounds(40);
    assertThat(world.ready("qwen-v1")).isEqualTo(3);
    world.memory = Memory.empty();

    world.rounds(29);
    assertThat(world.ready("qwen-v1")).isEqualTo(3);
    world.rounds(60);
    assertThat(world.count("qwen-v1")).isZero();
  }

  @Test
  void aPinToZeroIsSaidInsteadOfHoldingRequestsForEver() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", pinned(0)), GIB);

    Plan plan = world.round();

    assertThat(plan.models().get("qwen")).returns("PinnedToZero", Health::reason);
    assertThat(route(plan, "qwen").blocked()).get().asString().contains("replicas is 0");
  }

  @Test
  void theSecondHolderOfANameIsToldWhoHasIt() {
    world.deploy(model("qwen", "qwen-v1"), version("qwen-v1", scaling(0, 1)), GIB);
    world.deploy(
        new ModelSpec("copy", "qwen", List.of(), "copy-v1"),
        version("copy-v1", scaling(0, 1)),
        GIB);

    Plan plan = world.round();

    assertThat(plan.routes().routes()).hasSize(1);
    assertThat(route(plan, "qwen").version()).isEqualTo("qwen-v1");
    assertThat(plan.models().get("copy"))
        .returns("NameTaken", Health::reason)
        .satisfies(health -> assertThat(health.message()).contains("the model qwen"));
  }

  @Test
  void aModelWhoseVersionIsNotThereSaysSo() {
    Observation seen =
        new Observation(
            List.of(model("qwen", "qwen-v9")),
            List.of(),
            Map.of(),
            List.of(),
            Map.of(),
            Map.of(),
            new HostFit(2, GIB));

    Plan plan = Planner.plan(seen, Memory.empty(), world.now);

    assertThat(plan.models().get("qwen"))
        .returns(State.FAILED, Health::state)
        .returns("VersionNotFound", Health::reason);
  }

  @Test
  void theVictimsAreTheFailedThenTheUnreadyThenTheIdleThenTheYoungest() {
    Instant old = world.now.minusSeconds(600);
    List<Replica> replicas =
        List.of(
            replica("ready-old", new Replica.Phase.Ready(), old, 0),
            replica("ready-busy", new Replica.Phase.Ready(), world.now, 3),
            replica("ready-young", new Replica.Phase.Ready(), world.now, 0),
            replica("loading", new Replica.Phase.Loading(), old, 0),
            replica("failed", new Replica.Phase.Failed("EngineCrashed", "", false), old, 0));
    Observation seen =
        new Observation(
            List.of(model("qwen", "qwen-v1")),
            List.of(version("qwen-v1", pinned(1))),
            Map.of("qwen-v1", prepared(GIB)),
            replicas,
            Map.of(),
            Map.of(),
            new HostFit(2, 64 * GIB));

    assertThat(Planner.plan(seen, Memory.empty(), world.now).actions())
        .extracting(action -> action instanceof Action.Drain drain ? drain.replica() : "")
        .containsExactly("failed", "loading", "ready-young", "ready-old");
  }

  @Test
  void theRouteTellsWhatAGatewayNeeds() {
    world.deploy(
        new ModelSpec("qwen", "Qwen/Qwen3", List.of("chat"), "qwen-v1"),
        version("qwen-v1", scaling(1, 2)),
        GIB);
    Instant first = world.now;
    Plan plan = world.rounds(10);

    Route route = plan.routes().find("chat").orElseThrow();
    assertThat(route.servedName()).isEqualTo("Qwen/Qwen3");
    assertThat(route.created()).isEqualTo(first.getEpochSecond());
    assertThat(route.versions().getFirst())
        .returns(4096, VersionRoute::contextLength)
        .returns(Fixtures.BATCH, VersionRoute::maxBatchSize)
        .satisfies(version -> assertThat(version.endpoints()).hasSize(1));
  }

  @Test
  void aServerThatHelpsOutRunsWithItsModelAndCostsNoCores() {
    VersionSpec near = version("near-v1", scaling(1, 1));
    VersionSpec far =
        new VersionSpec(
            "far",
            "",
            new ModelSource.Upstream("https://host/v1", "org/far", Optional.empty()),
            near.engine(),
            pinned(1),
            near.nonStreamingWait(),
            near.maxStreamDuration());
    Observation seen =
        new Observation(
            List.of(new ModelSpec("near", "near", List.of(), "near-v1", Optional.of("far"))),
            List.of(far, near),
            Map.of(
                "near-v1",
                prepared(GIB),
                "far",
                new Preparation.Prepared(
                    Artifact.upstream("https://host/v1"), "openai", 0, 1 << 20)),
            List.of(),
            Map.of(),
            Map.of(),
            new HostFit(2, 64 * GIB));

    Plan plan = Planner.plan(seen, Memory.empty(), world.now);

    assertThat(plan.actions())
        .filteredOn(Action.Start.class::isInstance)
        .map(Action.Start.class::cast)
        .extracting(start -> start.version().name(), Action.Start::threads)
        .contains(tuple("far", 2), tuple("near-v1", 2));
    assertThat(plan.routes().find("near").orElseThrow().overflow())
        .hasValueSatisfying(route -> assertThat(route.engineModel()).hasValue("org/far"));
    assertThat(plan.routes().find("far")).isEmpty();
  }

  private static Replica replica(String id, Replica.Phase phase, Instant since, int inFlight) {
    return new Replica(new Endpoint(id, "qwen-v1", "127.0.0.1", 4000), phase, since, inFlight, 0);
  }

  private static VersionRoute route(Plan plan, String name) {
    return plan.routes().find(name).orElseThrow().versions().getFirst();
  }
}
