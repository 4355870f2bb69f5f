#include "tests/load/summary.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace escalon::load {
namespace {

using Counts = std::array<uint64_t, 11>;  ///< by CaseState

__attribute__((format(printf, 2, 3))) void Add(std::string* out, const char* format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  *out += line;
}

using ull = unsigned long long;

Counts StatesOf(const LogFacts& facts) {
  Counts states{};
  for (const CaseEnd& end : facts.cases) ++states[static_cast<size_t>(end.state)];
  return states;
}

uint64_t EscalationsOf(const LogFacts& facts) {
  uint64_t out = 0;
  for (const CaseEnd& end : facts.cases) out += end.escalations;
  return out;
}

nlohmann::json Latency(const Histogram& h) {
  return {{"count", h.count()}, {"p50_ms", h.AtMs(0.5)}, {"p99_ms", h.AtMs(0.99)}, {"max_ms", h.MaxMs()}};
}

}  // namespace

std::string SummaryOf(const Tally::Numbers& n, double seconds, const LogFacts& facts, const CheckReport& r,
                      const CheckOptions& options) {
  std::string out;
  const auto of = [](const auto& counts, CallOutcome outcome) {
    return static_cast<ull>(counts[static_cast<size_t>(outcome)]);
  };
  Add(&out, "  submitted    %llu in %.0f s (%.1f/s): opened %llu, attached %llu, refused %llu, unknown %llu\n",
      static_cast<ull>(n.submitted), seconds, static_cast<double>(n.submitted) / seconds,
      of(n.submissions, CallOutcome::kOpened), of(n.submissions, CallOutcome::kAttached),
      of(n.submissions, CallOutcome::kRejected), of(n.submissions, CallOutcome::kUnknown));
  Add(&out, "  accepted in  p50 %.2f ms, p99 %.2f ms, max %.0f ms\n", n.accept.AtMs(0.5), n.accept.AtMs(0.99),
      n.accept.MaxMs());
  Add(&out,
      "  commands     %llu (%.1f/s): done %llu, unchanged %llu, refused %llu, unknown %llu; p50 %.2f ms, p99 %.2f ms\n",
      static_cast<ull>(n.commanded), static_cast<double>(n.commanded) / seconds,
      of(n.commands, CallOutcome::kDone) + of(n.commands, CallOutcome::kAwaitsApproval),
      of(n.commands, CallOutcome::kUnchanged), of(n.commands, CallOutcome::kRejected),
      of(n.commands, CallOutcome::kUnknown), n.command.AtMs(0.5), n.command.AtMs(0.99));
  const Counts states = StatesOf(facts);
  Add(&out, "  cases        %zu:", facts.cases.size());
  for (size_t i = 1; i < states.size(); ++i) {
    if (states[i] > 0)
      Add(&out, " %s %llu", std::string(Name(static_cast<CaseState>(i))).c_str(), static_cast<ull>(states[i]));
  }
  Add(&out, "; escalations %llu\n", static_cast<ull>(EscalationsOf(facts)));
  Add(&out, "  case log     %llu records, %llu events (%.1f records/s)\n", static_cast<ull>(facts.records),
      static_cast<ull>(facts.events), static_cast<double>(facts.records) / seconds);
  Add(&out, "  clocks       fired %llu, promises broken %llu; late p50 %.2f ms, p99 %.2f ms, max %.1f ms\n",
      static_cast<ull>(facts.fired), static_cast<ull>(facts.breached), facts.lateness.AtMs(0.5),
      facts.lateness.AtMs(0.99), facts.lateness.MaxMs());
  Add(&out, "  told         %llu intents: delivered %llu, suppressed %llu, dead %llu, given up %llu, under way %llu\n",
      static_cast<ull>(r.intents), static_cast<ull>(r.delivered), static_cast<ull>(r.suppressed),
      static_cast<ull>(r.dead), static_cast<ull>(r.discarded), static_cast<ull>(r.under_way));
  for (const auto& [reason, times] : n.rejections)
    Add(&out, "               %6llu  %s\n", static_cast<ull>(times), reason.c_str());
  Add(&out,
      "  lost %llu · gaps %llu · missed %llu · late beyond %lld ms %llu · doubled %llu · misplaced %llu · phantom %llu "
      "· "
      "second cases %llu · untold %llu · stalled %llu · unexplained %llu · unasked %llu · told twice %llu · unreadable "
      "%llu\n",
      static_cast<ull>(r.lost), static_cast<ull>(r.gaps), static_cast<ull>(r.missed),
      static_cast<long long>(options.late_bound_ms), static_cast<ull>(r.late), static_cast<ull>(r.doubled),
      static_cast<ull>(r.misplaced), static_cast<ull>(r.phantom), static_cast<ull>(r.second_cases),
      static_cast<ull>(r.untold), static_cast<ull>(r.stalled), static_cast<ull>(r.unexplained),
      static_cast<ull>(r.unasked), static_cast<ull>(r.delivered_twice), static_cast<ull>(r.unreadable));
  for (const std::string& fault : r.first_faults) out += "    " + fault + "\n";
  return out;
}

std::string SummaryJson(const Tally::Numbers& n, double seconds, const LogFacts& facts, const CheckReport& r) {
  nlohmann::json states = nlohmann::json::object();
  const Counts counts = StatesOf(facts);
  for (size_t i = 1; i < counts.size(); ++i) states[std::string(Name(static_cast<CaseState>(i)))] = counts[i];
  const nlohmann::json out{{"seconds", seconds},
                           {"submitted", n.submitted},
                           {"commanded", n.commanded},
                           {"accept", Latency(n.accept)},
                           {"command", Latency(n.command)},
                           {"cases", facts.cases.size()},
                           {"cases_by_state", states},
                           {"escalations", EscalationsOf(facts)},
                           {"records", facts.records},
                           {"events", facts.events},
                           {"lateness", Latency(facts.lateness)},
                           {"breached", facts.breached},
                           {"intents", r.intents},
                           {"delivered", r.delivered},
                           {"suppressed", r.suppressed},
                           {"dead", r.dead},
                           {"under_way", r.under_way},
                           {"unknown", r.unknown},
                           {"unknown_applied", r.unknown_applied},
                           {"faults",
                            {{"lost", r.lost},
                             {"gaps", r.gaps},
                             {"missed", r.missed},
                             {"late", r.late},
                             {"doubled", r.doubled},
                             {"misplaced", r.misplaced},
                             {"phantom", r.phantom},
                             {"second_cases", r.second_cases},
                             {"untold", r.untold},
                             {"stalled", r.stalled},
                             {"unexplained", r.unexplained},
                             {"unasked", r.unasked},
                             {"delivered_twice", r.delivered_twice},
                             {"unreadable", r.unreadable}}},
                           {"ok", r.ok()}};
  return out.dump();
}

}  // namespace escalon::load
