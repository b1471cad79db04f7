package dev.fairlead.lab.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plants each violation in a package of ours, compiled for the test alone, and expects the rule to
/// name it: a rule that finds nothing must not be one that sees nothing.
final class PlantedViolationTest {
  private static final String CHANNEL = "package io.netty.channel; public interface Channel {}";
  private static final String POD = "package io.fabric8.kubernetes.api.model; public class Pod {}";

  @TempDir Path folder = Path.of("");

  @Test
  void impureTypesInCoreAreNoticed() {
    reportsEach(
        Rules.CORE_IS_PURE,
        "%s taken;",
        "java.net.http.HttpClient",
        "java.net.Socket",
        "java.io.File",
        "java.nio.file.Path",
        "java.util.concurrent.ExecutorService",
        "java.util.logging.Logger",
        "java.lang.Thread",
        "java.lang.ProcessBuilder");
  }

  @Test
  void anOwnClockOrDieInCoreIsNoticed() {
    reportsEach(
        Rules.CORE_HAS_NO_CLOCK_OR_DICE_OF_ITS_OWN,
        "Object take() { return %s; }",
        "java.time.Instant.now()",
        "java.time.Clock.systemUTC()",
        "java.time.InstantSource.system()",
        "java.time.LocalDate.now()",
        "System.currentTimeMillis()",
        "System.nanoTime()",
        "System.getenv(\"HOME\")",
        "Math.random()",
        "new java.util.Random()",
        "java.util.UUID.randomUUID()",
        "System.out");
  }

  @Test
  void anOwnClockInCoreIsNoticedBehindAMethodReferenceToo() {
    reports(
        Rules.CORE_HAS_NO_CLOCK_OR_DICE_OF_ITS_OWN,
        "nanoTime",
        """
        package dev.fairlead.core.scale;
        class Planted { java.util.function.LongSupplier clock = System::nanoTime; }
        """);
  }

  @Test
  void anOwnClockInTheGatewayIsNoticed() {
    reports(
        Rules.ONLY_THE_WIRING_HAS_CLOCKS_AND_DICE,
        "currentTimeMillis",
        """
        package dev.fairlead.dataplane.gateway;
        class Planted { long time() { return System.currentTimeMillis(); } }
        """);
  }

  @Test
  void aRandomGeneratorThatComesInIsFine() {
    JavaClasses classes =
        compile(
            """
            package dev.fairlead.core.scale;
            class Planted {
              double draw(java.util.random.RandomGenerator dice) { return dice.nextDouble(); }
            }
            """);

    Rules.CORE_IS_PURE.check(classes);
    Rules.CORE_HAS_NO_CLOCK_OR_DICE_OF_ITS_OWN.check(classes);
  }

  @Test
  void nettyInADecisionIsNoticed() {
    reports(
        Rules.DECISIONS_NEVER_SEE_NETTY,
        "io.netty.channel.Channel",
        "package dev.fairlead.core.route; class Planted { io.netty.channel.Channel field; }",
        CHANNEL);
  }

  @Test
  void kubernetesInTheGatewayIsNoticed() {
    reports(
        Rules.GATEWAY_AND_AGENT_NEVER_SEE_KUBERNETES,
        "io.fabric8.kubernetes.api.model.Pod",
        """
        package dev.fairlead.dataplane.gateway;
        class Planted { io.fabric8.kubernetes.api.model.Pod field; }
        """,
        POD);
  }

  @Test
  void nettyInTheOperatorIsNoticed() {
    reports(
        Rules.KUBERNETES_NEVER_SEES_NETTY,
        "io.netty.channel.Channel",
        "package dev.fairlead.kube.operator; class Planted { io.netty.channel.Channel field; }",
        CHANNEL);
  }

  @Test
  void aModuleThatSeesItsSiblingIsNoticed() {
    reports(
        Rules.table(module("dataplane")),
        "dev.fairlead.artifacts.store.Store",
        "package dev.fairlead.artifacts.store; public class Store {}",
        "package dev.fairlead.dataplane.agent; class P { dev.fairlead.artifacts.store.Store s; }");
  }

  @Test
  void aLibraryThatTheTableDoesNotNameIsNoticed() {
    reports(
        Rules.table(module("engines")),
        "io.netty.channel.Channel",
        "package dev.fairlead.engines; class Planted { io.netty.channel.Channel field; }",
        CHANNEL);
  }

  @Test
  void aModuleThatSeesTheWiringIsNoticed() {
    reports(
        Rules.NOTHING_DEPENDS_ON_THE_WIRING,
        "dev.fairlead.app.Main",
        "package dev.fairlead.app; public class Main {}",
        "package dev.fairlead.api; class Planted { dev.fairlead.app.Main field; }");
  }

  @Test
  void aCycleBetweenTwoPackagesIsNoticed() {
    reports(
        Rules.PACKAGES_HAVE_NO_CYCLES,
        "Cycle detected",
        "package dev.fairlead.core.a; public class One { dev.fairlead.core.b.Two two; }",
        "package dev.fairlead.core.b; public class Two { dev.fairlead.core.a.One one; }");
  }

  /// Plants one class for each of `what` as `member`, and expects the rule to name each class.
  private void reportsEach(ArchRule rule, String member, String... what) {
    String[] sources = new String[what.length];
    for (int i = 0; i < what.length; i++) {
      sources[i] =
          "package dev.fairlead.core.scale; class Planted%d { %s }"
              .formatted(i, member.formatted(what[i]));
    }
    JavaClasses classes = compile(sources);

    for (int i = 0; i < what.length; i++) {
      String planted = "Planted" + i + ".";
      assertThatThrownBy(() -> rule.check(classes)).as(what[i]).hasMessageContaining(planted);
    }
  }

  private void reports(ArchRule rule, String what, String... sources) {
    JavaClasses classes = compile(sources);

    assertThatThrownBy(() -> rule.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Architecture Violation")
        .hasMessageContaining(what);
  }

  private static Module module(String name) {
    return Module.table().filter(module -> module.name().equals(name)).findFirst().orElseThrow();
  }

  private JavaClasses compile(String... sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-d", folder.toString(), "-proc:none"),
                null,
                Stream.of(sources).map(Source::new).toList())
            .call();
    assertThat(compiled).as(messages.toString()).isTrue();
    return new ClassFileImporter().importPath(folder);
  }

  /// A compilation unit that is a string.
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///" + typeName(text) + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    private static String typeName(String text) {
      return text.replaceAll("(?s).*?\\b(?:class|interface) (\\w+).*", "$1");
    }
  }
}
