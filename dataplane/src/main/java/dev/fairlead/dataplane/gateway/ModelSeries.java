package dev.fairlead.dataplane.gateway;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.Map;

/// The time series of one model, looked up once: finding a child by its labels costs more than
/// counting. Safe for every thread.
record ModelSeries(
    Map<Outcome, CounterDataPoint> requests,
    CounterDataPoint promptTokens,
    CounterDataPoint cachedTokens,
    CounterDataPoint completionTokens,
    DistributionDataPoint firstToken,
    DistributionDataPoint duration) {}
