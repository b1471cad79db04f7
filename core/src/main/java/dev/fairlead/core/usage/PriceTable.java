package dev.fairlead.core.usage;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The prices of models, by served name. They are applied when usage is asked for, not when it is
/// recorded, so that a new price also holds for what was used before.
///
/// @param currency free text, such as `EUR` or `credits`
/// @param models a name that is not in it costs nothing
public record PriceTable(String currency, Map<String, Price> models) {
  /// Nobody wants to know what it costs.
  public static final PriceTable NONE = new PriceTable("", Map.of());

  public PriceTable {
    Objects.requireNonNull(currency, "currency is null");
    models = Map.copyOf(models);
  }

  public boolean isEmpty() {
    return models.isEmpty();
  }

  Optional<Price> find(String model) {
    return Optional.ofNullable(models.get(model));
  }
}
