package dev.fairlead.api;

import static dev.fairlead.api.Field.field;

import dev.fairlead.api.FieldType.ListOf;
import dev.fairlead.api.FieldType.MapOf;
import dev.fairlead.api.FieldType.Tree;
import java.time.Duration;
import java.util.regex.Pattern;

/// Every field that a user may write, in one table: its type, bounds, default, meaning, and what it
/// does locally and on Kubernetes. The order of the rows is that of the record and of printed YAML.
final class Vocabulary {
  private static final Duration NONE = Duration.ZERO;
  private static final Pattern ANY_NAME = Pattern.compile("\\S{1,317}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern SHA256_FORM = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern BASE_URL = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");
  private static final Pattern URI = Pattern.compile("[a-z][a-z0-9+.-]*:\\S+");
  private static final int MOST_REPLICAS = 10_000;

  static final FieldType NAME =
      Scalars.text("name", ResourceNames::isSubdomain, Vocabulary::badName);
  static final FieldType SERVED_NAME =
      Scalars.text(
          "model id",
          text ->
              !text.isBlank()
                  && text.length() <= 256
                  && text.equals(text.strip())
                  && !CONTROL.matcher(text).find(),
          _ ->
              "a served name has 1 to 256 characters, no control character and no space at its ends");
  static final FieldType SHA256 =
      Scalars.text(
          "64 hex digits",
          text -> SHA256_FORM.matcher(text).matches(),
          text ->
              "expected 64 hex digits in lower case, got %d characters".formatted(text.length()));
  private static final FieldType PATH =
      Scalars.text(
          "path",
          text -> !text.isBlank() && !text.startsWith("~") && !CONTROL.matcher(text).find(),
          _ -> "a path is not blank, has no control character and is written out without `~`");
  private static final FieldType TEXTS = new MapOf(Scalars.anyText(), ANY_NAME);
  private static final FieldType QUANTITIES = new MapOf(Scalars.quantity(), ANY_NAME);

  static final ObjectType METADATA =
      ObjectType.of(
              Metadata.class,
              field("name", NAME, "Tells resources of one kind apart.").required().fixed(),
              field("namespace", NAME, "The namespace that the resource lives in.")
                  .fixed()
                  .otherwise("the current one")
                  .locally("only keeps equal names apart"),
              field("labels", TEXTS, "The user's own marks, for selecting."),
              field("annotations", TEXTS, "The user's own notes."))
          .tolerating(
              "uid",
              "resourceVersion",
              "generation",
              "creationTimestamp",
              "deletionTimestamp",
              "deletionGracePeriodSeconds",
              "managedFields",
              "ownerReferences",
              "finalizers",
              "selfLink");

  static final ObjectType SOURCE =
      ObjectType.of(
          ModelVersion.Source.class,
          field(
                  "uri",
                  Scalars.text(
                      "URI",
                      text -> URI.matcher(text).matches(),
                      text -> "expected a URI such as https://host/model.gguf, got '" + text + "'"),
                  "What to fetch.")
              .required(),
          field("revision", Scalars.text(), "The branch, tag or commit, where the store has some.")
              .otherwise("the store's newest"),
          field("sha256", SHA256, "The digest that the file must have.").otherwise("not checked"),
          field("secretRef", NAME, "The secret with the store's credentials.")
              .locally("a folder below `--secrets DIR`")
              .onKubernetes("a Secret in the same namespace"));

  static final ObjectType STORAGE =
      ObjectType.of(
          ModelVersion.Storage.class,
          field("claimName", NAME, "The claim that holds the files.").otherwise("`model-pvc`"),
          field("size", Scalars.quantity(), "How much to ask for when the claim is made."),
          field("className", NAME, "The storage class when the claim is made.")
              .otherwise("the cluster's"),
          field(
              "accessMode",
              Scalars.choice(ModelVersion.AccessMode.class),
              "How many nodes mount the claim."));

  static final ObjectType ENGINE =
      ObjectType.of(
          ModelVersion.Engine.class,
          field("name", NAME, "The engine, by its name in the catalogue.")
              .otherwise("follows from the files: GGUF llama.cpp, safetensors vLLM"),
          field("image", Scalars.text(), "The engine's image.")
              .otherwise("the catalogue's")
              .onlyKubernetes(),
          field(
              "args",
              new ListOf(Scalars.anyText()),
              "Arguments after the catalogue's own; no shell reads them."),
          field(
              "env",
              new MapOf(Scalars.anyText(), VARIABLE),
              "Environment variables of the engine."),
          field("envFrom", new ListOf(new Tree()), "Sources of environment variables.")
              .onlyKubernetes(),
          field(
                  "maxBatchSize",
                  Scalars.whole(1, 4096),
                  "How many sequences one replica decodes at once.")
              .byDefault(Defaults.MAX_BATCH_SIZE)
              .in("sequences"),
          field("contextLength", Scalars.whole(1, 100_000_000), "The longest sequence.")
              .otherwise("the catalogue's choice within what the model can do")
              .in("tokens"),
          field(
              "baseUrl",
              Scalars.text(
                  "http(s) URL",
                  text -> BASE_URL.matcher(text).matches(),
                  text ->
                      "expected the URL where the server's `/models` begins, such as https://host/v1, got '"
                          + text
                          + "'"),
              "A server with the OpenAI API that runs the model elsewhere, up to its `/v1`; only for"
                  + " the engine `openai`."),
          field("upstreamModel", SERVED_NAME, "What that server calls the model.")
              .otherwise("the version's name"),
          field("secretRef", NAME, "The secret with the key for that server.")
              .otherwise("no key is sent")
              .locally("the file `token` in a folder of that name below `--secrets DIR`")
              .onKubernetes("the key `token` of a Secret in the same namespace"));

  static final ObjectType REQUIREMENTS =
      ObjectType.of(
          ModelVersion.Requirements.class,
          field("requests", QUANTITIES, "What a replica is scheduled with."),
          field("limits", QUANTITIES, "What a replica may not exceed."));

  static final ObjectType ACCELERATOR =
      ObjectType.of(
          ModelVersion.Accelerator.class,
          field("profile", NAME, "The installation's name for a kind of accelerator."),
          field("count", Scalars.whole(1, 64), "How many one replica gets.").byDefault(1));

  static final ObjectType AUTOSCALING =
      ObjectType.of(
          ModelVersion.Autoscaling.class,
          field(
                  "mode",
                  Scalars.choice(ModelVersion.Mode.class),
                  "Who decides the count. Off holds `minReplicas`.")
              .byDefault(ModelVersion.Mode.DEMAND)
              .locally("HPA is read as Demand"),
          field("objective", new Tree(), "The service level to scale for.").onlyKubernetes(),
          field("headroom", Scalars.fraction(10), "Spare capacity as a part of the need.")
              .onlyKubernetes(),
          field(
                  "scaleToZeroAfter",
                  Scalars.duration(NONE, Duration.ofDays(30)),
                  "How long without a request until the last replica stops; only where"
                      + " `minReplicas` is 0.")
              .byDefault(Defaults.SCALE_TO_ZERO_AFTER));

  static final ObjectType COLD_START =
      ObjectType.of(
          ModelVersion.ColdStart.class,
          field(
                  "nonStreamingWait",
                  Scalars.duration(NONE, Duration.ofHours(1)),
                  "How long a non-streaming request is held for the first replica; then 503.")
              .byDefault(Defaults.NON_STREAMING_WAIT));

  static final ObjectType VERSION_SPEC =
      ObjectType.of(
              ModelVersion.Spec.class,
              field("version", Scalars.text(), "The user's own word for the version.").newVersion(),
              field("modelPath", PATH, "The file or folder that is there already.")
                  .newVersion()
                  .locally(
                      "`/models/…` lies below `--models DIR`; a relative path starts at the YAML"
                          + " file's folder")
                  .onKubernetes("on the claim of `storage`"),
              field("source", SOURCE, "What to fetch.").newVersion(),
              field("storage", STORAGE, "The claim that holds the files.")
                  .newVersion()
                  .onlyKubernetes(),
              field("engine", ENGINE, "The program that runs the model.").newVersion(),
              field("resources", REQUIREMENTS, "What a replica asks of its node.")
                  .newVersion()
                  .onlyKubernetes(),
              field("accelerator", ACCELERATOR, "The accelerators of one replica.")
                  .newVersion()
                  .onlyKubernetes(),
              field("nodeSelector", TEXTS, "Labels that a node must have.")
                  .newVersion()
                  .onlyKubernetes(),
              field("tolerations", new ListOf(new Tree()), "Taints that a replica tolerates.")
                  .newVersion()
                  .onlyKubernetes(),
              field("spot", Scalars.flag(), "Whether a node that may be taken back will do.")
                  .byDefault(false)
                  .newVersion()
                  .onlyKubernetes(),
              field("priorityClassName", NAME, "The priority class of the pods.")
                  .newVersion()
                  .onlyKubernetes(),
              field("podTemplate", new Tree(), "Anything else of a pod, merged in last.")
                  .newVersion()
                  .onlyKubernetes(),
              field("replicas", replicas(0), "Pins the count and switches scaling off.")
                  .otherwise("scales by demand"),
              field(
                      "minReplicas",
                      replicas(0),
                      "The fewest replicas. 0 lets the version scale to zero.")
                  .byDefault(Defaults.MIN_REPLICAS)
                  .locally("child processes, within free memory"),
              field("maxReplicas", replicas(1), "The most replicas.")
                  .otherwise("the greater of 1 and `minReplicas`")
                  .locally("child processes, within free memory"),
              field("autoscaling", AUTOSCALING, "How the count follows the load."),
              field("coldStart", COLD_START, "What a request meets when no replica runs."),
              field(
                      "maxStreamDuration",
                      Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
                      "The longest that one answer may take.")
                  .byDefault(Defaults.MAX_STREAM_DURATION),
              field("placement", new Tree(), "Which clusters may run the version.")
                  .onlyKubernetes())
          .ruled(new Rule.OneOrigin(), new Rule.NotOver("minReplicas", "maxReplicas"));

  static final ObjectType MODEL_VERSION =
      ObjectType.of(
              ModelVersion.class,
              field("metadata", METADATA, "Name and marks.").required(),
              field("spec", VERSION_SPEC, "What shall run.").required())
          .tolerating("apiVersion", "kind", "status");

  static final ObjectType ROLLOUT =
      ObjectType.of(
          Model.Rollout.class,
          field("strategy", Scalars.choice(Model.Strategy.class), "How a new version takes over.")
              .byDefault(Model.Strategy.AUTO)
              .onlyKubernetes());

  static final ObjectType OVERFLOW =
      ObjectType.of(
          Model.Overflow.class,
          field(
                  "version",
                  NAME,
                  "The name of a ModelVersion in the same namespace whose engine is `openai`.")
              .required());

  static final ObjectType MODEL_SPEC =
      ObjectType.of(
              Model.Spec.class,
              field("template", VERSION_SPEC, "The spec of a ModelVersion that the Model owns.")
                  .onKubernetes("each edit that makes a new version is rolled out"),
              field("version", NAME, "The name of a ModelVersion in the same namespace."),
              field("servedName", SERVED_NAME, "The id that clients ask for.")
                  .otherwise("the resource's name"),
              field("aliases", new ListOf(SERVED_NAME), "More ids for the same model."),
              field("rollout", ROLLOUT, "How a new version takes over."),
              field(
                  "overflow",
                  OVERFLOW,
                  "Where requests of tenants that allow it go while the model's own replicas start"
                      + " or are full."))
          .ruled(new Rule.ExactlyOneOf("template", "version"));

  static final ObjectType MODEL =
      ObjectType.of(
              Model.class,
              field("metadata", METADATA, "Name and marks.").required(),
              field("spec", MODEL_SPEC, "What shall be served.").required())
          .tolerating("apiVersion", "kind", "status");

  private Vocabulary() {}

  /// The table of a kind.
  static ObjectType of(Resource.Kind kind) {
    return switch (kind) {
      case MODEL -> MODEL;
      case MODEL_VERSION -> MODEL_VERSION;
      case TENANT -> TenantVocabulary.TENANT;
    };
  }

  private static FieldType replicas(int min) {
    return Scalars.whole(min, MOST_REPLICAS);
  }

  private static String badName(String name) {
    return "'%s' is not a DNS name (lower-case letters, digits, '-' and '.', at most 253); take `%s`"
        .formatted(
            name.length() <= 60 ? name : name.substring(0, 60) + "…", ResourceNames.slug(name));
  }
}
