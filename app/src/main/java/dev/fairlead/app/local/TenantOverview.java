package dev.fairlead.app.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.app.tenant.Keyring;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import java.time.Instant;
import java.util.List;

/// Puts the tenants into the JSON of the overview, without a hash. Every method is a function of
/// its arguments.
final class TenantOverview {
  private TenantOverview() {}

  static ArrayNode json(List<Keyring.Summary> tenants) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    tenants.forEach(tenant -> list.add(json(tenant)));
    return list;
  }

  private static ObjectNode json(Keyring.Summary summary) {
    Tenant tenant = summary.spec().tenant();
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", tenant.name());
    ArrayNode models = json.putArray("models");
    tenant.models().stream().sorted().forEach(models::add);
    json.put("priority", tenant.priority())
        .put("overflow", tenant.overflow())
        .put("attributionHeader", tenant.attributionHeader().orElse(null));
    limits(json.putObject("limits"), tenant.limits());
    return json.put("keys", summary.keys())
        .put("validKeys", summary.validKeys())
        .put("lastUsed", summary.lastUsed().map(Instant::toString).orElse(null));
  }

  private static void limits(ObjectNode json, Limits limits) {
    limits.requestsPerMinute().ifPresent(most -> json.put("requestsPerMinute", most));
    limits.tokensPerMinute().ifPresent(most -> json.put("tokensPerMinute", most));
    limits.concurrency().ifPresent(most -> json.put("concurrency", most));
    limits.tokensPerDay().ifPresent(most -> json.put("tokensPerDay", most));
  }
}
