#include "services/escalonctl/report/kpi_sections.h"

#include <map>
#include <utility>

namespace escalon::escalonctl {
namespace {

/// One line of the summary: values of different units stand in one column, so they are written here.
class Summary {
 public:
  void Count(const char* measure, uint64_t value, const char* how) {
    Row(measure, value, std::to_string(value), Json(), how);
  }
  void Share(const char* measure, const kpi::Share& share, const char* how) {
    if (!share.known()) return;
    Row(measure, share.value(), ReportText(share.value(), Unit::kShare), share.of, how);
  }
  void Spread(const char* measure, const kpi::Spread& spread, const char* how) {
    if (spread.count == 0) return;
    Row(measure, Seconds(spread.mean()),
        "mean " + FormatDuration(spread.mean() / kSecondMs * kSecondMs) + ", median " +
            FormatDuration(spread.median / kSecondMs * kSecondMs) + ", p90 " +
            FormatDuration(spread.p90 / kSecondMs * kSecondMs),
        spread.count, how);
  }
  void Mean(const char* measure, double value, uint64_t of, const char* how) {
    if (of > 0) Row(measure, value, ReportText(value, Unit::kNumber), of, how);
  }
  Json rows = Json::array();

 private:
  void Row(const char* measure, const Json& value, std::string text, const Json& of, const char* how) {
    rows.push_back({{"measure", measure}, {"value", value}, {"text", std::move(text)}, {"of", of}, {"how", how}});
  }
};

Json SpreadRow(const std::string& name, const kpi::Spread& spread) {
  return {{"name", name},
          {"count", spread.count},
          {"total", Seconds(spread.total)},
          {"mean", Seconds(spread.mean())},
          {"median", Seconds(spread.median)},
          {"p90", Seconds(spread.p90)}};
}

ReportSection CountsSection(std::string id, std::string title, const char* name,
                            const std::map<std::string, uint64_t>& counts) {
  ReportSection out{.id = std::move(id), .title = std::move(title)};
  out.columns = {{name, "name"}, {"ESCALATIONS", "count", Unit::kCount}};
  for (const auto& [key, count] : counts) out.rows.push_back({{"name", key}, {"count", count}});
  out.chart = {"count"};
  return out;
}

/// `1500.00 EUR, 200.00 USD`
std::string PenaltiesText(const std::map<std::string, int64_t>& by_currency) {
  std::string text;
  for (const auto& [currency, minor] : by_currency)
    text += (text.empty() ? "" : ", ") + FormatMoney(Money{minor, currency});
  return text;
}

Json AttainmentRow(const std::string& clock, const std::string& level, const kpi::Attainment& a) {
  return {{"clock", clock},
          {"level", level},
          {"kept", a.kept},
          {"broken", a.broken},
          {"attainment", ShareJson(a.share())},
          {"near_misses", a.near_misses},
          {"overdue", Seconds(a.overdue)},
          {"penalties", PenaltiesText(a.penalties)}};
}

ReportSection PromiseSection(const kpi::Report& report) {
  ReportSection out{.id = "promises", .title = "Promises"};
  out.note =
      "Kept, of clocks that ended and of running ones that are broken already. A near miss was kept with less than a "
      "tenth of its target left. Overdue time is on the clock's own calendar. Penalties are what contracts ask for the "
      "broken ones.";
  out.columns = {{"CLOCK", "clock"},
                 {"KEPT", "kept", Unit::kCount},
                 {"BROKEN", "broken", Unit::kCount},
                 {"ATTAINMENT", "attainment", Unit::kShare},
                 {"NEAR MISSES", "near_misses", Unit::kCount},
                 {"OVERDUE", "overdue", Unit::kSpan},
                 {"PENALTIES", "penalties"}};
  for (const auto& [clock, attainment] : report.by_clock) out.rows.push_back(AttainmentRow(clock, "", attainment));
  out.chart = {"kept", "broken"};
  return out;
}

ReportSection PromiseLevelSection(const kpi::Report& report) {
  ReportSection out{.id = "promises_by_level", .title = "Promises by level"};
  out.note = "The level is the one on which the case stood when the clock began.";
  out.columns = {{"CLOCK", "clock"},
                 {"LEVEL", "level"},
                 {"KEPT", "kept", Unit::kCount},
                 {"BROKEN", "broken", Unit::kCount},
                 {"ATTAINMENT", "attainment", Unit::kShare},
                 {"OVERDUE", "overdue", Unit::kSpan}};
  for (const auto& [key, attainment] : report.by_clock_and_level)
    out.rows.push_back(AttainmentRow(key.first, key.second, attainment));
  return out;
}

ReportSection LevelSection(const kpi::Report& report) {
  ReportSection out{.id = "levels", .title = "Levels"};
  out.note =
      "Time per level: from arrival to departure, a case in two stays counts both. Held: resolutions that were not "
      "taken up again, beside the level's quality target.";
  out.columns = {{"LEVEL", "level"},
                 {"STAYS", "stays", Unit::kCount},
                 {"TIME", "time", Unit::kSpan},
                 {"MEDIAN", "median", Unit::kSpan},
                 {"RESOLVED", "resolved", Unit::kCount},
                 {"SHARE", "share", Unit::kShare},
                 {"HELD", "held", Unit::kShare},
                 {"TARGET", "target", Unit::kShare},
                 {"CSAT", "csat", Unit::kNumber}};
  std::map<std::string, Json> rows;
  for (const auto& [level, spread] : report.time_per_level) {
    Json& row = rows[level];
    row["stays"] = spread.count;
    row["time"] = Seconds(spread.total);
    row["median"] = Seconds(spread.median);
  }
  for (const auto& [level, share] : report.resolved_per_level) {
    rows[level]["resolved"] = share.count;
    rows[level]["share"] = ShareJson(share);
  }
  for (const auto& [level, quality] : report.quality) {
    Json& row = rows[level];
    if (quality.reopened.known()) row["held"] = 1 - quality.reopened.value();
    if (quality.target > 0) row["target"] = quality.target;
    if (quality.answers > 0) row["csat"] = quality.mean_score;
  }
  for (auto& [level, row] : rows) {
    row["level"] = level;
    out.rows.push_back(std::move(row));
  }
  out.chart = {"resolved"};
  return out;
}

ReportSection WaitSection(std::string id, std::string title, const char* name,
                          const std::map<std::string, kpi::Bottleneck>& waits) {
  ReportSection out{.id = std::move(id), .title = std::move(title)};
  out.note =
      "From the case's arrival until somebody took it. Queue: cases that wait, on average over the period. "
      "Trend: mean wait of the later half of the period less that of the earlier.";
  out.columns = {{name, "name"},
                 {"WAITS", "count", Unit::kCount},
                 {"MEAN", "mean", Unit::kSpan},
                 {"P90", "p90", Unit::kSpan},
                 {"QUEUE", "queue", Unit::kNumber},
                 {"TREND", "trend", Unit::kSpan}};
  for (const auto& [key, wait] : waits) {
    Json row = SpreadRow(key, wait.waiting);
    row["queue"] = wait.queue;
    row["trend"] = Seconds(wait.trend);
    out.rows.push_back(std::move(row));
  }
  out.chart = {"queue"};
  return out;
}

}  // namespace

Json ShareJson(const kpi::Share& share) { return share.known() ? Json(share.value()) : Json(); }

ReportSection SummarySection(const kpi::Report& r) {
  Summary s;
  s.Count("cases opened", r.cases, "in the period");
  s.Count("resolved", r.resolved, "and not taken up again");
  s.Count("still open", r.open, "at the end");
  s.Count("escalations, functional", r.functional, "counted moves to more expertise");
  s.Count("escalations, hierarchical", r.hierarchical, "counted moves to more authority");
  s.Count("management informed", r.informed, "told; nothing moved");
  s.Count("re-escalations", r.re_escalations, "after a resolution, a return or a de-escalation");
  s.Count("de-escalations", r.de_escalations, "");
  s.Count("consultations", r.consultations, "no escalations");
  s.Count("major escalations", r.majors, "records opened, by rule or person");
  s.Share("escalation rate", r.escalation_rate, "cases with an escalation ÷ cases opened");
  s.Spread("time to escalate", r.time_to_escalate, "opening to first escalation; read it with the next two");
  s.Share("  return rate", r.over_escalation, "escalations returned or declined ÷ escalations (over-escalation)");
  s.Share("  first-level resolution", r.first_level_resolution, "resolved there without any escalation ÷ resolved");
  s.Share("held too long", r.held_too_long, "cases with a promise broken before the first escalation ÷ cases");
  s.Share("unfit fix", r.unfit_fix, "cases resolved, taken up again, then in need of another level ÷ cases");
  s.Share("re-escalation rate", r.re_escalation_rate,
          "escalated cases escalated again after they came back ÷ escalated");
  s.Spread("time to acknowledge", r.time_to_acknowledge, "opening to first acknowledgement");
  s.Spread("resolution time, wall", r.resolution_wall, "opening to final resolution");
  s.Spread("resolution time, business", r.resolution_business, "on the policy's business calendar");
  s.Spread("  of it paused", r.resolution_paused, "waiting for others, wall");
  s.Share("recurrence", r.recurrence, "reopened in monitoring ÷ monitored");
  s.Share("CSAT, 4 and 5", r.csat_good, "of answers");
  s.Mean("CSAT, mean", r.csat_mean, r.csat_good.of, "of 5");
  s.Share("CSAT, response rate", r.csat_response, "answers ÷ asked");
  s.Mean("preparedness, mean", r.preparation_mean, r.preparation_answers, "of 5, by receivers");
  s.Mean("documentation, mean", r.documentation_mean, r.documentation_answers, "of 5, by receivers");
  s.Share("handovers rated", r.preparation_rated, "ratings ÷ handovers accepted");
  s.Share("complete first time", r.complete_first_time, "handovers accepted without a request for more ÷ handovers");
  s.Share("communication kept", r.communication_kept, "updates in time ÷ due");
  s.Share("reviews completed", r.reviews, "written in time ÷ due");
  s.Count("approvals requested", r.approvals.requested, "");
  s.Count("  granted", r.approvals.granted, "");
  s.Count("  refused", r.approvals.refused, "");
  s.Count("  defaulted", r.approvals.defaulted, "nobody answered in time");
  s.Count("  bypassed", r.approvals.bypassed, "acted first, ratified afterwards");
  s.Spread("  wait", r.approvals.wait, "asked to decided");
  s.Share("consistency", r.consistency, "cases that went the commonest way of their class (kind, category, priority)");
  return {.id = "summary",
          .title = "Summary",
          .columns = {{"MEASURE", "measure"}, {"VALUE", "text"}, {"OF", "of", Unit::kCount}, {"HOW COUNTED", "how"}},
          .rows = std::move(s.rows)};
}

std::vector<ReportSection> KpiSections(const kpi::Report& report) {
  std::vector<ReportSection> out;
  out.push_back(SummarySection(report));
  out.push_back(PromiseSection(report));
  out.push_back(PromiseLevelSection(report));
  out.push_back(LevelSection(report));
  out.push_back(CountsSection("escalations_by_reason", "Escalations by reason", "REASON", report.by_reason));
  out.push_back(CountsSection("escalations_by_category", "Escalations by category", "CATEGORY", report.by_category));
  out.push_back(WaitSection("waits_by_level", "Waiting by level", "LEVEL", report.bottleneck_levels));
  out.push_back(WaitSection("waits_by_team", "Waiting by team", "TEAM", report.bottleneck_teams));
  return out;
}

ReportSection GroupSection(const std::string& by, const std::vector<NamedReport>& groups) {
  ReportSection out{.id = "groups", .title = "By " + by};
  out.columns = {{"GROUP", "group"},
                 {"CASES", "cases", Unit::kCount},
                 {"RESOLVED", "resolved", Unit::kCount},
                 {"ESCALATIONS", "escalations", Unit::kCount},
                 {"RATE", "escalation_rate", Unit::kShare},
                 {"FIRST LEVEL", "first_level", Unit::kShare},
                 {"RETURNED", "returned", Unit::kShare},
                 {"RESOLUTION", "resolution_median", Unit::kSpan},
                 {"KEPT", "attainment", Unit::kShare},
                 {"CSAT", "csat", Unit::kNumber}};
  for (const NamedReport& group : groups) {
    const kpi::Report& r = group.report;
    kpi::Share kept;
    for (const auto& [clock, attainment] : r.by_clock) {
      kept.count += attainment.kept;
      kept.of += attainment.kept + attainment.broken;
    }
    Json row{{"group", group.name},
             {"cases", r.cases},
             {"resolved", r.resolved},
             {"escalations", r.functional + r.hierarchical},
             {"escalation_rate", ShareJson(r.escalation_rate)},
             {"first_level", ShareJson(r.first_level_resolution)},
             {"returned", ShareJson(r.over_escalation)},
             {"attainment", ShareJson(kept)}};
    if (r.resolution_wall.count > 0) row["resolution_median"] = Seconds(r.resolution_wall.median);
    if (r.csat_good.known()) row["csat"] = r.csat_mean;
    out.rows.push_back(std::move(row));
  }
  out.chart = {"cases", "escalations"};
  return out;
}

}  // namespace escalon::escalonctl
