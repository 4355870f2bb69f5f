#include "services/escalonctl/simulate/desk_sections.h"

#include <algorithm>
#include <utility>

#include "services/escalonctl/report/kpi_sections.h"

namespace escalon::escalonctl {
namespace {

using simulation::HistoricCase;

std::string InstantText(InstantMs at) { return at == 0 || at == kNever ? std::string() : FormatInstant(at); }

std::string RefOf(const kpi::CaseStory& story, size_t index) {
  return story.ref.empty() ? "case " + std::to_string(index + 1) : story.ref;
}

ReportSection RunSection(const DeskRules& rules, const DeskResult& result) {
  ReportSection out{.id = "run", .title = "What was run"};
  out.columns = {{"", "what"}, {"", "value"}};
  const auto add = [&out](const char* what, Json value) {
    out.rows.push_back({{"what", what}, {"value", std::move(value)}});
  };
  const simulation::DeskRun& run = result.run;
  add("policy", rules.policy.id);
  add("roster", rules.made_roster ? std::string("made from the history: it names no one's hours or rotas")
                                  : rules.roster->document().id);
  add("from", InstantText(result.kpis.from));
  add("until", InstantText(result.until));
  add("cases", run.cases);
  add("decisions", run.decisions);
  add("  by clocks", run.alarms);
  add("not closed at the end", run.still_open);
  add("pages to people", result.measures.pages);
  add("pages to teams as such", result.measures.team_pages);
  add("pages at night", result.measures.night_pages);
  add("nights disturbed", result.measures.nights);
  if (run.unopened > 0) add("refused at the opening", run.unopened);
  if (run.endless > 0) add("clocks without end", run.endless);
  return out;
}

ReportSection DeedSection(const DeskResult& result) {
  ReportSection out{.id = "deeds", .title = "What people did, as in the history"};
  out.note = "Needless: it was so already. Unknown: names a team or person that the roster does not have.";
  out.columns = {{"DEED", "deed"},
                 {"DONE", "done", Unit::kCount},
                 {"NEEDLESS", "needless", Unit::kCount},
                 {"REFUSED", "refused", Unit::kCount},
                 {"UNKNOWN", "unknown", Unit::kCount},
                 {"FIRST REFUSAL", "first_refusal"}};
  for (size_t i = 1; i < simulation::kDeedKinds; ++i) {
    const simulation::DeedCount& count = result.run.deeds[i];
    if (count.done + count.needless + count.refused + count.unknown == 0) continue;
    out.rows.push_back({{"deed", std::string(simulation::Name(static_cast<simulation::DeedKind>(i)))},
                        {"done", count.done},
                        {"needless", count.needless},
                        {"refused", count.refused},
                        {"unknown", count.unknown},
                        {"first_refusal", count.first_refusal}});
  }
  return out;
}

ReportSection HourSection(const DeskMeasures& measures) {
  ReportSection out{.id = "pages_by_hour", .title = "Pages by hour of the day"};
  out.note = "On the wall clock of whoever was paged.";
  out.columns = {{"HOUR", "hour"}, {"PAGES", "pages", Unit::kCount}};
  if (measures.pages == 0) return out;
  for (size_t hour = 0; hour < measures.by_hour.size(); ++hour) {
    const std::string text = (hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
    out.rows.push_back({{"hour", text}, {"pages", measures.by_hour[hour]}});
  }
  out.chart = {"pages"};
  return out;
}

ReportSection CountSection(std::string id, std::string title, const char* name,
                           const std::map<std::string, uint64_t>& counts) {
  ReportSection out{.id = std::move(id), .title = std::move(title)};
  out.columns = {{name, "name"}, {"PAGES", "pages", Unit::kCount}};
  for (const auto& [key, count] : counts) out.rows.push_back({{"name", key}, {"pages", count}});
  out.chart = {"pages"};
  return out;
}

/// The most paged first.
std::vector<std::pair<std::string, const PersonMeasures*>> Ordered(const DeskMeasures& measures) {
  std::vector<std::pair<std::string, const PersonMeasures*>> out;
  for (const auto& [person, one] : measures.people) out.emplace_back(person, &one);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second->pages > b.second->pages; });
  return out;
}

ReportSection PeopleSection(const DeskMeasures& measures) {
  ReportSection out{.id = "people", .title = "Pages by person"};
  out.note = "Night: the person's quiet hours, else " + std::to_string(kNightFromHour) + ":00 to " +
             std::to_string(kNightToHour) + ":00, local. Nights: with at least one page.";
  out.columns = {{"PERSON", "person"},
                 {"PAGES", "pages", Unit::kCount},
                 {"AT NIGHT", "night_pages", Unit::kCount},
                 {"NIGHTS", "nights", Unit::kCount},
                 {"BUSIEST HOUR", "busiest_hour", Unit::kCount},
                 {"BY LEVEL", "by_level"}};
  for (const auto& [person, one] : Ordered(measures)) {
    std::string levels;
    for (const auto& [level, pages] : one->by_level)
      levels += (levels.empty() ? "" : ", ") + level + " " + std::to_string(pages);
    const auto busiest = std::max_element(one->by_hour.begin(), one->by_hour.end()) - one->by_hour.begin();
    Json row{{"person", person},       {"pages", one->pages},     {"night_pages", one->night_pages},
             {"nights", one->nights},  {"busiest_hour", busiest}, {"by_level", levels},
             {"by_hour", one->by_hour}};
    out.rows.push_back(std::move(row));
  }
  out.chart = {"pages", "night_pages"};
  out.in_text = out.rows.size() <= 40;
  return out;
}

ReportSection PersonHourSection(const DeskMeasures& measures) {
  ReportSection out{.id = "pages_by_person_and_hour", .title = "Pages by person and hour of the day"};
  out.columns = {{"PERSON", "person"}};
  for (int hour = 0; hour < 24; ++hour) {
    const std::string key = "h" + std::string(hour < 10 ? "0" : "") + std::to_string(hour);
    out.columns.push_back({key.substr(1), key, Unit::kCount});
  }
  for (const auto& [person, one] : Ordered(measures)) {
    Json row{{"person", person}};
    for (size_t hour = 0; hour < one->by_hour.size(); ++hour) row[out.columns[hour + 1].key] = one->by_hour[hour];
    out.rows.push_back(std::move(row));
  }
  out.in_text = false;
  return out;
}

ReportSection TeamSection(const DeskMeasures& measures) {
  ReportSection out{.id = "teams", .title = "Load by team"};
  out.note = "Cases that a team had, from being given them until they went on or were resolved.";
  out.columns = {{"TEAM", "team"},
                 {"VISITS", "visits", Unit::kCount},
                 {"OPEN, MEAN", "open_mean", Unit::kNumber},
                 {"OPEN, MOST", "open_most", Unit::kCount}};
  for (const auto& [team, one] : measures.teams) {
    out.rows.push_back(
        {{"team", team}, {"visits", one.visits}, {"open_mean", one.open_mean}, {"open_most", one.open_most}});
  }
  out.chart = {"open_most"};
  out.in_text = out.rows.size() <= 40;
  return out;
}

ReportSection UnmannedSection(const DeskMeasures& measures) {
  ReportSection out{.id = "nobody_on_call", .title = "Hours with nobody on call"};
  out.note = "Of the teams that the policy calls, by their rotas, absences and hours.";
  out.columns = {{"TEAM", "team"},
                 {"SPANS", "spans", Unit::kCount},
                 {"TOTAL", "total", Unit::kSpan},
                 {"LONGEST", "longest", Unit::kSpan},
                 {"FROM", "longest_from", Unit::kInstant}};
  for (const UnmannedTeam& team : measures.unmanned) {
    out.rows.push_back({{"team", team.team},
                        {"spans", team.spans},
                        {"total", Seconds(team.total)},
                        {"longest", Seconds(team.longest)},
                        {"longest_from", InstantText(team.longest_from)}});
  }
  return out;
}

ReportSection EmptyStepSection(const DeskMeasures& measures) {
  ReportSection out{.id = "nobody_told", .title = "Steps at which nobody was told"};
  out.columns = {{"LEVEL", "level"}, {"WHY", "why"}, {"TIMES", "times", Unit::kCount}};
  for (const auto& [key, times] : measures.empty_steps)
    out.rows.push_back({{"level", key.first}, {"why", key.second}, {"times", times}});
  return out;
}

ReportSection AgreementSection(const DeskResult& result) {
  ReportSection out{.id = "agreement", .title = "The promise `" + result.promise + "` and the history's own word"};
  out.note = "Whether the policy's promise is kept for the cases for which the history says that its own was.";
  out.columns = {{"PRIORITY", "priority"},
                 {"AGREE", "agree", Unit::kShare},
                 {"OF", "of", Unit::kCount},
                 {"BOTH KEPT", "both_kept", Unit::kCount},
                 {"BOTH BROKEN", "both_broken", Unit::kCount},
                 {"KEPT ONLY HERE", "only_here", Unit::kCount},
                 {"KEPT ONLY THERE", "only_there", Unit::kCount}};
  Agreement all;
  const auto add = [&out](const std::string& priority, const Agreement& one) {
    out.rows.push_back({{"priority", priority},
                        {"agree", ShareJson(one.share())},
                        {"of", one.share().of},
                        {"both_kept", one.both_kept},
                        {"both_broken", one.both_broken},
                        {"only_here", one.only_here},
                        {"only_there", one.only_there}});
  };
  for (const auto& [priority, one] : result.measures.agreement) {
    add(priority, one);
    all.both_kept += one.both_kept;
    all.both_broken += one.both_broken;
    all.only_here += one.only_here;
    all.only_there += one.only_there;
  }
  if (all.share().known()) add("all", all);
  return out;
}

uint64_t PagesOf(const kpi::CaseStory& story) {
  uint64_t pages = 0;
  for (const kpi::Page& page : story.pages) pages += std::max<size_t>(1, page.people.size());
  return pages;
}

std::string BrokenOf(const kpi::CaseStory& story) {
  std::string out;
  for (const kpi::PromiseRun& run : story.promises) {
    if (run.breached_at != 0) out += (out.empty() ? "" : " ") + run.name;
  }
  return out;
}

ReportSection CaseSection(const DeskResult& result) {
  ReportSection out{.id = "cases", .title = "Cases"};
  out.columns = {{"CASE", "case"},
                 {"PRIORITY", "priority"},
                 {"STATE", "state"},
                 {"OPENED", "opened_at", Unit::kInstant},
                 {"LEVEL", "level"},
                 {"TEAM", "team"},
                 {"PAGES", "pages", Unit::kCount},
                 {"ESCALATIONS", "escalations", Unit::kCount},
                 {"BROKEN", "broken"}};
  for (size_t i = 0; i < result.stories.size(); ++i) {
    const kpi::CaseStory& story = result.stories[i];
    if (story.opened_at == 0) continue;
    out.rows.push_back({{"case", RefOf(story, i)},
                        {"priority", std::string(Name(story.priority))},
                        {"state", std::string(Name(story.state))},
                        {"opened_at", InstantText(story.opened_at)},
                        {"level", story.level()},
                        {"team", story.team},
                        {"pages", PagesOf(story)},
                        {"escalations", story.escalations()},
                        {"broken", BrokenOf(story)}});
  }
  out.in_text = false;
  return out;
}

ReportSection PageSection(const DeskRules& rules, const DeskResult& result) {
  ReportSection out{.id = "pages", .title = "Every page"};
  out.columns = {{"AT", "at", Unit::kInstant},
                 {"CASE", "case"},
                 {"PRIORITY", "priority"},
                 {"TRACK", "track"},
                 {"LEVEL", "level"},
                 {"PERSON", "person"},
                 {"TEAM", "team"},
                 {"LOCAL HOUR", "hour", Unit::kCount},
                 {"NIGHT", "night"}};
  const NightHours nights(*rules.roster);
  for (size_t i = 0; i < result.stories.size(); ++i) {
    const kpi::CaseStory& story = result.stories[i];
    for (const kpi::Page& page : story.pages) {
      Json row{{"at", InstantText(page.at)},
               {"case", RefOf(story, i)},
               {"priority", std::string(Name(page.priority))},
               {"track", std::string(Name(page.track))},
               {"level", page.level},
               {"team", page.team}};
      if (page.people.empty()) out.rows.push_back(row);
      for (const std::string& person : page.people) {
        const NightHours::Local local = nights.At(person, page.at);
        row["person"] = person;
        row["hour"] = local.hour;
        row["night"] = local.night ? "yes" : "";
        out.rows.push_back(row);
      }
    }
  }
  out.in_text = false;
  return out;
}

// Two runs side by side.

class SideBySide {
 public:
  void Count(const char* what, uint64_t a, uint64_t b) {
    rows.push_back({{"measure", what},
                    {"a", std::to_string(a)},
                    {"b", std::to_string(b)},
                    {"change", static_cast<int64_t>(b) - static_cast<int64_t>(a)}});
  }
  void Share(const std::string& what, const kpi::Share& a, const kpi::Share& b) {
    if (!a.known() && !b.known()) return;
    rows.push_back({{"measure", what},
                    {"a", ReportText(ShareJson(a), Unit::kShare)},
                    {"b", ReportText(ShareJson(b), Unit::kShare)},
                    {"change", a.known() && b.known() ? ReportText(b.value() - a.value(), Unit::kShare) : ""}});
  }
  void Span(const char* what, DurationMs a, DurationMs b) {
    rows.push_back({{"measure", what},
                    {"a", ReportText(Seconds(a), Unit::kSpan)},
                    {"b", ReportText(Seconds(b), Unit::kSpan)},
                    {"change", ReportText(Seconds(b - a), Unit::kSpan)}});
  }
  Json rows = Json::array();
};

ReportSection MeasureComparison(const DeskResult& a, const DeskResult& b) {
  SideBySide s;
  s.Count("pages to people", a.measures.pages, b.measures.pages);
  s.Count("pages at night", a.measures.night_pages, b.measures.night_pages);
  s.Count("nights disturbed", a.measures.nights, b.measures.nights);
  s.Count("people paged", a.measures.people.size(), b.measures.people.size());
  s.Count("escalations, functional", a.kpis.functional, b.kpis.functional);
  s.Count("escalations, hierarchical", a.kpis.hierarchical, b.kpis.hierarchical);
  s.Count("management informed", a.kpis.informed, b.kpis.informed);
  s.Share("escalation rate", a.kpis.escalation_rate, b.kpis.escalation_rate);
  s.Share("first-level resolution", a.kpis.first_level_resolution, b.kpis.first_level_resolution);
  s.Share("held too long", a.kpis.held_too_long, b.kpis.held_too_long);
  s.Span("time to escalate, median", a.kpis.time_to_escalate.median, b.kpis.time_to_escalate.median);
  s.Span("time to acknowledge, median", a.kpis.time_to_acknowledge.median, b.kpis.time_to_acknowledge.median);
  std::map<std::string, std::pair<kpi::Attainment, kpi::Attainment>> clocks;
  for (const auto& [clock, one] : a.kpis.by_clock) clocks[clock].first = one;
  for (const auto& [clock, one] : b.kpis.by_clock) clocks[clock].second = one;
  for (const auto& [clock, both] : clocks)
    s.Share("promise " + clock + " kept", both.first.share(), both.second.share());
  return {.id = "comparison",
          .title = "Side by side",
          .note = "A: the policy; B: the one it is compared with. The people did the same under both.",
          .columns = {{"MEASURE", "measure"},
                      {"A", "a", Unit::kNumber},
                      {"B", "b", Unit::kNumber},
                      {"CHANGE", "change", Unit::kCount}},
          .rows = std::move(s.rows)};
}

InstantMs FirstPage(const kpi::CaseStory& story) { return story.pages.empty() ? 0 : story.pages.front().at; }

Json Difference(const kpi::CaseStory& a, const kpi::CaseStory& b) {
  Json row = Json::object();
  bool differs = false;
  const auto both = [&](const char* key, Json in_a, Json in_b) {
    differs = differs || in_a != in_b;
    row[std::string(key) + "_a"] = std::move(in_a);
    row[std::string(key) + "_b"] = std::move(in_b);
  };
  both("priority", std::string(Name(a.priority)), std::string(Name(b.priority)));
  both("pages", PagesOf(a), PagesOf(b));
  both("first_page", InstantText(FirstPage(a)), InstantText(FirstPage(b)));
  both("escalations", a.escalations(), b.escalations());
  both("level", a.level(), b.level());
  both("broken", BrokenOf(a), BrokenOf(b));
  return differs ? row : Json();
}

}  // namespace

std::vector<ReportSection> DeskSections(const DeskRules& rules, const DeskResult& result,
                                        const std::vector<HistoricCase>& history) {
  std::vector<ReportSection> out;
  out.push_back(RunSection(rules, result));
  std::vector<ReportSection> kpis = KpiSections(result.kpis);
  out.insert(out.end(), std::make_move_iterator(kpis.begin()), std::make_move_iterator(kpis.end()));
  out.push_back(HourSection(result.measures));
  out.push_back(CountSection("pages_by_level", "Pages by level", "LEVEL", result.measures.pages_by_level));
  out.push_back(CountSection("pages_by_priority", "Pages by priority", "PRIORITY", result.measures.pages_by_priority));
  out.push_back(PeopleSection(result.measures));
  out.push_back(PersonHourSection(result.measures));
  out.push_back(TeamSection(result.measures));
  out.push_back(UnmannedSection(result.measures));
  out.push_back(EmptyStepSection(result.measures));
  const bool compared = std::any_of(history.begin(), history.end(),
                                    [](const HistoricCase& past) { return past.kept != simulation::Kept::kUnknown; });
  if (compared && !result.promise.empty()) out.push_back(AgreementSection(result));
  out.push_back(DeedSection(result));
  out.push_back(CaseSection(result));
  out.push_back(PageSection(rules, result));
  return out;
}

std::vector<ReportSection> ComparisonSections(const DeskResult& a, const DeskResult& b,
                                              const std::vector<HistoricCase>& history, size_t most_cases) {
  ReportSection cases{.id = "differing_cases", .title = "Cases that differ"};
  cases.columns = {{"CASE", "case"},
                   {"PRIORITY A", "priority_a"},
                   {"B", "priority_b"},
                   {"PAGES A", "pages_a", Unit::kCount},
                   {"B", "pages_b", Unit::kCount},
                   {"FIRST PAGE A", "first_page_a", Unit::kInstant},
                   {"B", "first_page_b", Unit::kInstant},
                   {"ESCALATIONS A", "escalations_a", Unit::kCount},
                   {"B", "escalations_b", Unit::kCount},
                   {"LEVEL A", "level_a"},
                   {"B", "level_b"},
                   {"BROKEN A", "broken_a"},
                   {"B", "broken_b"}};
  uint64_t differ = 0;
  for (size_t i = 0; i < history.size(); ++i) {
    Json row = Difference(a.stories[i], b.stories[i]);
    if (row.is_null()) continue;
    ++differ;
    if (cases.rows.size() >= most_cases) continue;
    row["case"] = RefOf(a.stories[i], i);
    cases.rows.push_back(std::move(row));
  }
  ReportSection measures = MeasureComparison(a, b);
  measures.rows.push_back({{"measure", "cases that differ"},
                           {"a", ""},
                           {"b", std::to_string(differ)},
                           {"change", "of " + std::to_string(history.size())}});
  cases.note = "The first " + std::to_string(cases.rows.size()) + " of " + std::to_string(differ) + ".";
  return {std::move(measures), std::move(cases)};
}

ReportSection SpeedSection(const HistoryInput& input, const DeskResult& result) {
  ReportSection out{.id = "speed", .title = "Speed"};
  out.note = "One core; reading apart from deciding.";
  out.columns = {{"", "what"}, {"", "value", Unit::kNumber}, {"", "unit"}};
  const double per_second = result.seconds > 0 ? static_cast<double>(result.run.cases) / result.seconds : 0;
  out.rows = {{{"what", "history read"}, {"value", input.seconds}, {"unit", "s"}},
              {{"what", "simulated"}, {"value", result.seconds}, {"unit", "s"}},
              {{"what", "cases"}, {"value", per_second}, {"unit", "/s"}},
              {{"what", "decisions"},
               {"value", result.seconds > 0 ? static_cast<double>(result.run.decisions) / result.seconds : 0},
               {"unit", "/s"}}};
  return out;
}

}  // namespace escalon::escalonctl
