package dev.fairlead.core.plan;

import static dev.fairlead.core.plan.Fixtures.GIB;
import static dev.fairlead.core.plan.Fixtures.model;
import static dev.fairlead.core.plan.Fixtures.scaling;
import static dev.fairlead.core.plan.Fixtures.version;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds whatever users and engines do; a failure names its seed. The world itself checks in
/// each round that equal input gives an equal plan, that every known model has a route and that no
/// more memory is in use than there is.
final class PlannerPropertyTest {
  private static final int ROUNDS = 300;
  private static final List<String> MODELS = List.of("a", "b");

  static LongStream seeds() {
    return LongStream.range(0, 15);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noSwitchTakesTrafficFromAVersionThatServesToOneThatDoesNot(long seed) {
    Random random = new Random(seed);
    World world = new World();
    world.memoryBytes = (2 + random.nextInt(8)) * GIB;
    MODELS.forEach(model -> edit(world, model, random));
    for (int round = 0; round < ROUNDS; round++) {
      disturb(world, random);
      Map<String, String> before = new HashMap<>();
      Map<String, Long> serving = new HashMap<>();
      for (String model : MODELS) {
        before.put(model, world.active(model));
        serving.put(model, world.ready(world.active(model)));
      }
      Map<String, Long> ready = new HashMap<>();
      world.versions.keySet().forEach(name -> ready.put(name, world.ready(name)));

      world.round();

      for (String model : MODELS) {
        String active = world.active(model);
        if (!active.equals(before.get(model)) && serving.getOrDefault(model, 0L) > 0) {
          assertThat(ready.get(active))
              .as("round %d: %s takes over from %s", round, active, before.get(model))
              .isPositive();
        }
      }
    }
    assertThat(world.cut).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whenTheDisturbancesEndEverythingIsAnsweredAndNothingMovesAnyMore(long seed) {
    Random random = new Random(seed);
    World world = new World();
    world.memoryBytes = 16 * GIB;
    MODELS.forEach(model -> edit(world, model, random));
    for (int round = 0; round < 100; round++) {
      disturb(world, random);
      world.round();
    }
    world.gatewaysSilent = false;
    world.crashing.clear();
    MODELS.forEach(model -> edit(world, model, random));
    world.rounds(400);
    world.notes.clear();

    Plan plan = world.rounds(50);

    assertThat(world.waiting.values()).allSatisfy(waiting -> assertThat(waiting).isZero());
    assertThat(world.notes).isEmpty();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.models()).containsOnlyKeys(MODELS);
    assertThat(plan.models().values())
        .allSatisfy(
            health -> assertThat(health.state()).isIn(Health.State.READY, Health.State.IDLE));
  }

  private static void disturb(World world, Random random) {
    String model = MODELS.get(random.nextInt(MODELS.size()));
    switch (random.nextInt(40)) {
      case 0 -> edit(world, model, random);
      case 1 -> world.crashing.add(model + "-v" + random.nextInt(4));
      case 2 -> world.crashing.clear();
      case 3 -> world.gatewaysSilent = !world.gatewaysSilent;
      case 4 -> world.ask(model, random.nextInt(60));
      case 5, 6, 7 -> world.ask(model, 1);
      default -> {}
    }
  }

  private static void edit(World world, String model, Random random) {
    int max = 1 + random.nextInt(3);
    String version = model + "-v" + random.nextInt(4);
    if (!world.versions.containsKey(version)) {
      world.deploy(model(model, version), version(version, scaling(random.nextInt(2), max)), GIB);
    } else {
      world.models.put(model, model(model, version));
    }
  }
}
