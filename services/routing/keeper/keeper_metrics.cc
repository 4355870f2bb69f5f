#include "services/routing/keeper/keeper_metrics.h"

#include "common/domain/event.h"

namespace escalon::routing {

KeeperMetrics::KeeperMetrics(runtime::Metrics& m) {
  const auto command = [&](const char* outcome) {
    return m.AddCounter("escalon_keeper_commands_total",
                        "Commands by how they ended: done, rejected, unknown, refused (not decided), repeated.",
                        {{"outcome", outcome}});
  };
  commands_done = command("done");
  commands_rejected = command("rejected");
  commands_unknown = command("unknown");
  commands_refused = command("refused");
  commands_repeated = command("repeated");
  records = m.AddCounter("escalon_keeper_records_total", "Records of cases that counted.");
  ticks = m.AddCounter("escalon_keeper_ticks_total", "Ticks appended to prove ownership behind a rejection.");
  fences = m.AddCounter("escalon_keeper_fences_total", "Fences of this instance that counted.");
  gaps = m.AddCounter("escalon_keeper_gaps_total", "Gaps between own offsets that were read before answering.");
  answered_unknown = m.AddCounter("escalon_keeper_answers_unknown_total", "Callers told that the outcome is unknown.");
  take_overs = m.AddCounter("escalon_keeper_take_overs_total", "Take-overs begun.");
  ownership_ended = m.AddCounter("escalon_keeper_ownership_ended_total",
                                 "Ownerships that ended: released, lost, deposed, delivery error.");
  quarantined = m.AddCounter("escalon_keeper_quarantined_total", "Cases that could not be folded.");
  rescued = m.AddCounter("escalon_keeper_rescued_total",
                         "Clocks that the owner's sweep had to fire because sla-timer did not.");
  skipped = m.AddCounter("escalon_keeper_skipped_total", "Records of the case log that did not count.");
  bases = m.AddCounter("escalon_keeper_bases_total", "Complete bases written.");
  append_seconds = m.AddHistogram("escalon_keeper_append_seconds", "From handing a record over to its counting.",
                                  runtime::kLatencyBuckets);
  take_over_seconds = m.AddHistogram("escalon_keeper_take_over_seconds", "From wanting a shard to serving it.",
                                     runtime::kLatenessBuckets);
  lateness = m.AddHistogram("escalon_clock_lateness_seconds", "From a clock's instant to the decision that it caused.",
                            runtime::kLatenessBuckets);
  shards_owned = m.AddGauge("escalon_keeper_shards_owned", "Shards that this instance serves.");
  shards_closed = m.AddGauge("escalon_keeper_shards_closed", "Shards that wait for a person to reconcile.");
  pending = m.AddGauge("escalon_keeper_pending_records", "Records handed over and not counted yet.");
  live_cases = m.AddGauge("escalon_keeper_live_cases", "Cases in memory.");
  awake_cases = m.AddGauge("escalon_keeper_awake_cases", "Of the cases in memory those kept ready to decide on.");
  live_keys = m.AddGauge("escalon_keeper_live_keys", "Idempotency keys in memory.");
  for (uint32_t kind = 1; kind <= kEventKinds; ++kind) {
    events.push_back(m.AddCounter("escalon_case_events_total", "Events that counted, by kind.",
                                  {{"kind", std::string(KindName(kind))}}));
  }
}

}  // namespace escalon::routing
