package dev.fairlead.lab.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/// The rules. A package that is not there yet breaks none of them.
final class Rules {
  private static final String CORE = "dev.fairlead.core..";

  /// Packages of `java.base` in which nothing reads a clock, waits, or touches the outside.
  private static final Set<String> PURE_PACKAGES =
      Set.of(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.math",
          "java.nio",
          "java.nio.charset",
          "java.text",
          "java.time",
          "java.time.format",
          "java.time.temporal",
          "java.util",
          "java.util.function",
          "java.util.random",
          "java.util.regex",
          "java.util.stream");

  private static final Set<String> PURE_CLASSES =
      Set.of(
          "java.io.IOException",
          "java.io.Serializable",
          "java.io.UncheckedIOException",
          "java.util.concurrent.CompletionStage");

  private static final Set<String> IMPURE_CLASSES =
      Set.of(
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.ScopedValue",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.util.Timer",
          "java.util.TimerTask");

  private static final Set<String> PROCESS_MEMBERS =
      Set.of(
          "java.lang.System.console",
          "java.lang.System.err",
          "java.lang.System.getProperty",
          "java.lang.System.getenv",
          "java.lang.System.in",
          "java.lang.System.out");

  private static final Set<String> CLOCK_AND_DICE_CALLS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.InstantSource.system",
          "java.util.UUID.randomUUID",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.random.RandomGenerator.of");

  private static final Set<String> RANDOM_SOURCES =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom");

  static final ArchRule CORE_IS_PURE =
      classes()
          .that()
          .resideInAPackage(CORE)
          .should()
          .onlyDependOnClassesThat(describe("core or the pure part of java.base", Rules::pure))
          .because("a decision has no I/O, no thread and no library: it returns a value");

  static final ArchRule CORE_HAS_NO_CLOCK_OR_DICE_OF_ITS_OWN =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .accessTargetWhere(
              describe(
                  "reads a clock, dice or the process",
                  access -> clockOrDice(access) || PROCESS_MEMBERS.contains(target(access))))
          .because("clocks and randomness come in, so that a decision can be repeated");

  /// `SecureRandom` is not meant: keys need it, and no test repeats a key.
  static final ArchRule ONLY_THE_WIRING_HAS_CLOCKS_AND_DICE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.fairlead.app..", "dev.fairlead.lab..")
          .should()
          .accessTargetWhere(describe("reads a clock or dice of its own", Rules::clockOrDice))
          .because("InstantSource and RandomGenerator come in by constructor");

  static final ArchRule DECISIONS_NEVER_SEE_NETTY = never(CORE, "io.netty..");

  static final ArchRule GATEWAY_AND_AGENT_NEVER_SEE_KUBERNETES =
      never("dev.fairlead.dataplane..", "io.fabric8..", "io.javaoperatorsdk..");

  static final ArchRule KUBERNETES_NEVER_SEES_NETTY = never("dev.fairlead.kube..", "io.netty..");

  static final ArchRule NOTHING_DEPENDS_ON_THE_WIRING =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.fairlead.app..", "dev.fairlead.lab..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.fairlead.app..", "dev.fairlead.lab..")
          .allowEmptyShould(true)
          .because("only app wires, and nothing depends on lab");

  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices()
          .matching("dev.fairlead.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other are one package");

  private Rules() {}

  static ArchRule table(Module module) {
    return classes()
        .that()
        .resideInAPackage(module.packages())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(module.allowed())
        .allowEmptyShould(true)
        .because("the module table of the design says what %s may see".formatted(module));
  }

  private static ArchRule never(String ours, String... theirs) {
    return noClasses()
        .that()
        .resideInAPackage(ours)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(theirs)
        .allowEmptyShould(true)
        .because("the parts of the system know each other by the words of core alone");
  }

  private static boolean pure(JavaClass target) {
    JavaClass type = target.getBaseComponentType();
    String name = type.getName();
    return type.isPrimitive()
        || DescribedPredicate.not(JavaClass.Predicates.resideOutsideOfPackage(CORE)).test(type)
        || PURE_CLASSES.contains(name)
        || (PURE_PACKAGES.contains(type.getPackageName())
            && !IMPURE_CLASSES.contains(outermost(name)));
  }

  private static boolean clockOrDice(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String member = access.getTarget().getName();
    boolean random = RANDOM_SOURCES.contains(owner) && !member.startsWith("next");
    boolean clock =
        owner.startsWith("java.time.")
            && (member.equals("now") || (owner.endsWith("Clock") && member.startsWith("system")));
    return random || clock || CLOCK_AND_DICE_CALLS.contains(target(access));
  }

  private static String target(JavaAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getTarget().getName();
  }

  private static String outermost(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
