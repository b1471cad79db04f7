package dev.fairlead.lab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds all our classes against the {@link Rules}.
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.fairlead");

  static Stream<Module> modules() {
    return Module.table();
  }

  @Test
  void everyModuleWithCodeIsLookedAt() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("..").toRealPath())) {
      List<String> modules =
          folders
              .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
              .map(folder -> folder.getFileName().toString())
              .filter(name -> !name.equals("testkit"))
              .toList();
      assertThat(modules)
          .contains("core")
          .allSatisfy(module ->
              assertThat(CLASSES)
                  .anySatisfy(found ->
                      assertThat(found.getPackageName()).startsWith("dev.fairlead." + module)));
    }
  }

  @Test
  void coreNeedsNothingButThePurePartOfTheJdk() {
    Rules.CORE_IS_PURE.check(CLASSES);
  }

  @Test
  void coreHasNoClockAndNoDiceOfItsOwn() {
    Rules.CORE_HAS_NO_CLOCK_OR_DICE_OF_ITS_OWN.check(CLASSES);
  }

  @Test
  void onlyTheWiringHasClocksAndDice() {
    Rules.ONLY_THE_WIRING_HAS_CLOCKS_AND_DICE.check(CLASSES);
  }

  @Test
  void decisionsNeverSeeNetty() {
    Rules.DECISIONS_NEVER_SEE_NETTY.check(CLASSES);
  }

  @Test
  void gatewayAndAgentNeverSeeKubernetes() {
    Rules.GATEWAY_AND_AGENT_NEVER_SEE_KUBERNETES.check(CLASSES);
  }

  @Test
  void kubernetesNeverSeesNetty() {
    Rules.KUBERNETES_NEVER_SEES_NETTY.check(CLASSES);
  }

  @Test
  void nothingDependsOnTheWiring() {
    Rules.NOTHING_DEPENDS_ON_THE_WIRING.check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleSeesOnlyWhatTheTableAllows(Module module) {
    Rules.table(module).check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    Rules.PACKAGES_HAVE_NO_CYCLES.check(CLASSES);
  }
}
