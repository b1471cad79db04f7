package dev.fairlead.lab.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A row of the module table in the design: what a module of ours may see.
///
/// @param name the module, and its package below `dev.fairlead`
/// @param modules modules of ours that it may depend on
/// @param libraries packages of others that it may depend on, besides the JDK
record Module(String name, List<String> modules, List<String> libraries) {
  private static final String ANNOTATIONS = "org.jspecify..";
  private static final String LOG = "org.slf4j..";
  private static final String JACKSON = "com.fasterxml.jackson..";

  /// Every module with a limit: `app` wires and `lab` measures, so they may see everything.
  static final List<Module> TABLE =
      List.of(
          new Module("core", List.of(), List.of()),
          new Module(
              "api",
              List.of("core"),
              List.of(ANNOTATIONS, LOG, JACKSON, "io.fabric8..", "org.yaml.snakeyaml..")),
          new Module(
              "dataplane",
              List.of("core"),
              List.of(
                  ANNOTATIONS,
                  LOG,
                  "com.fasterxml.jackson.core..",
                  "io.netty..",
                  "io.lettuce..",
                  "io.prometheus..",
                  "io.opentelemetry..")),
          new Module(
              "artifacts",
              List.of("core"),
              List.of(ANNOTATIONS, LOG, JACKSON, "io.lettuce..", "software.amazon.awssdk..")),
          new Module("engines", List.of("core"), List.of(ANNOTATIONS, LOG, JACKSON)),
          new Module(
              "ledger",
              List.of("core"),
              List.of(ANNOTATIONS, LOG, "org.postgresql..", "org.sqlite..")),
          new Module(
              "kube",
              List.of("core", "api", "engines"),
              List.of(ANNOTATIONS, LOG, JACKSON, "io.fabric8..", "io.javaoperatorsdk..")),
          new Module(
              "testkit", List.of(), List.of(ANNOTATIONS, LOG, "org.junit..", "org.assertj..")));

  String packages() {
    return "dev.fairlead." + name + "..";
  }

  /// All that it may depend on, itself and the JDK included.
  String[] allowed() {
    List<String> allowed =
        new ArrayList<>(List.of(packages(), "java..", "javax..", "com.sun.management.."));
    modules.forEach(module -> allowed.add("dev.fairlead." + module + ".."));
    allowed.addAll(libraries);
    return allowed.toArray(String[]::new);
  }

  static Stream<Module> table() {
    return TABLE.stream();
  }

  @Override
  public String toString() {
    return name;
  }
}
