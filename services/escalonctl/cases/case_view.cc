#include "services/escalonctl/cases/case_view.h"

#include <nlohmann/json.hpp>

namespace escalon::escalonctl {
namespace {

void Part(Printer& printer, const Json& c, const char* name, const char* title, const std::vector<Column>& columns) {
  const auto found = c.find(name);
  if (found == c.end() || found->empty()) return;
  printer.Text("");
  printer.Heading(title);
  printer.Table(found->is_array() ? *found : Json::array({*found}), columns);
}

void PrintMajor(Printer& printer, const Json& major) {
  printer.Text("");
  printer.Heading("Major escalation");
  printer.Fields(major, {{"record", "/id"},
                         {"because", "/because"},
                         {"opened", "/opened_at", Format::kTime},
                         {"  by", "/opened_by"},
                         {"manager", "/manager"},
                         {"overdue", "/overdue", Format::kList},
                         {"assessment", "/assessment"},
                         {"  by", "/assessed_by"},
                         {"  at", "/assessed_at", Format::kTime},
                         {"monitoring hours", "/monitoring_hours"},
                         {"customer agrees to closing", "/consented", Format::kMark},
                         {"closed", "/closed_at", Format::kTime},
                         {"reviewed", "/reviewed_at", Format::kTime}});
  Part(printer, major, "team", "Its team",
       {{"PART", "/part", Format::kEnum}, {"PERSON", "/person"}, {"ACKNOWLEDGED", "/acknowledged_at", Format::kTime}});
  Part(printer, major, "contacts", "Its contacts",
       {{"AT", "/part", Format::kEnum},
        {"PERSON", "/person"},
        {"CHANNEL", "/channel"},
        {"CONTACT", "/contact"},
        {"LANGUAGE", "/language"}});
  Part(printer, major, "references", "Its records",
       {{"KIND", "/part", Format::kEnum}, {"NUMBER", "/reference"}, {"OWNER", "/owner"}});
  Part(printer, major, "plans", "Its plan, by revision",
       {{"REVISION", "/revision", Format::kNumber},
        {"AT", "/at", Format::kTime},
        {"BY", "/by"},
        {"AGREED", "/agreed", Format::kMark},
        {"RESOURCES", "/resources"},
        {"PLAN", "/text"}});
  const Json plans = major.value("plans", Json::array());
  if (plans.empty()) return;
  Part(printer, plans.back(), "actions", "Actions of the present plan",
       {{"WHO", "/owner"}, {"DUE", "/due_at", Format::kTime}, {"WHAT", "/what"}});
}

}  // namespace

void PrintCases(Printer& printer, const Json& cases) {
  printer.Table(cases, {{"CASE", "/case_id"},
                        {"PRIO", "/priority", Format::kPriority},
                        {"STATE", "/state", Format::kState},
                        {"LEVEL", "/level"},
                        {"TEAM", "/owner/team"},
                        {"PERSON", "/owner/person"},
                        {"OPENED", "/opened_at", Format::kTime},
                        {"REF", "/external_ref"},
                        {"TITLE", "/title"}});
}

void PrintCase(Printer& printer, const Json& c) {
  printer.Fields(c, {{"case", "/case_id"},
                     {"title", "/title"},
                     {"state", "/state", Format::kState},
                     {"priority", "/priority", Format::kPriority},
                     {"  by hand", "/priority_manual", Format::kMark},
                     {"kind", "/kind"},
                     {"service", "/service"},
                     {"category", "/category"},
                     {"level", "/level"},
                     {"owner's team", "/owner/team"},
                     {"owner", "/owner/person"},
                     {"  since", "/owner/since", Format::kTime},
                     {"acknowledged by", "/acknowledged_by"},
                     {"  management", "/management_acknowledged_by"},
                     {"waits for", "/pending/reason"},
                     {"  since", "/pending/since", Format::kTime},
                     {"  looked at again", "/pending/follow_up_at", Format::kTime},
                     {"snoozed until", "/snoozed_until", Format::kTime},
                     {"expected", "/eta_at", Format::kTime},
                     {"source", "/source"},
                     {"  number", "/external_ref"},
                     {"  address", "/external_url"},
                     {"requester", "/requester/id"},
                     {"  name", "/requester/name"},
                     {"  VIP", "/requester/vip", Format::kMark},
                     {"reporter", "/reporter/id"},
                     {"customer", "/customer"},
                     {"contract", "/contract"},
                     {"region", "/region"},
                     {"impact", "/impact", Format::kEnum},
                     {"urgency", "/urgency", Format::kEnum},
                     {"risk", "/risk", Format::kEnum},
                     {"complexity", "/complexity", Format::kEnum},
                     {"skills", "/skills", Format::kList},
                     {"tags", "/tags", Format::kList},
                     {"restricted", "/restricted", Format::kMark},
                     {"personal fields closed", "/personal_fields_closed", Format::kMark},
                     {"opened", "/opened_at", Format::kTime},
                     {"acknowledged", "/acknowledged_at", Format::kTime},
                     {"first response", "/first_response_at", Format::kTime},
                     {"resolved", "/resolved_at", Format::kTime},
                     {"  by", "/resolved_by"},
                     {"  how", "/resolution", Format::kEnum},
                     {"  confirmed", "/confirmed", Format::kMark},
                     {"monitored until", "/monitoring_until", Format::kTime},
                     {"ended", "/ended_at", Format::kTime},
                     {"reports", "/reports"},
                     {"escalations", "/escalations"},
                     {"reassignments", "/reassignments"},
                     {"reopens", "/reopens"},
                     {"failed attempts", "/attempts_failed"},
                     {"policy", "/policy"},
                     {"path", "/path"},
                     {"rules' default, triage silent", "/triaged_by_fallback", Format::kMark},
                     {"version", "/version"},
                     {"last change", "/last_at", Format::kTime},
                     {"chain", "/chain"}});
  if (c.contains("description")) {
    printer.Text("");
    printer.Heading("Description");
    printer.Text(c.value("description", ""));
  }
  Part(printer, c, "clocks", "Clocks",
       {{"CLOCK", "/name"},
        {"GEN", "/generation", Format::kNumber},
        {"STARTED", "/started_at", Format::kTime},
        {"DUE", "/due_at", Format::kTime},
        {"NEXT ALARM", "/next_alarm_at", Format::kTime},
        {"PAUSED SINCE", "/paused_since", Format::kTime},
        {"BREACHED", "/breached_at", Format::kTime},
        {"PENALTY", "/penalty", Format::kMoney},
        {"CALENDAR", "/calendar"}});
  Part(printer, c, "breaches", "Broken promises", {{"CLOCK", "/name"}, {"AT", "/at", Format::kTime}});
  const std::vector<Column> track{{"LEVEL", "/level"},
                                  {"STEP", "/step", Format::kNumber},
                                  {"PASS", "/pass", Format::kNumber},
                                  {"ATTEMPT", "/attempt", Format::kNumber},
                                  {"STOPPED", "/stopped", Format::kMark},
                                  {"REACHED", "/reached_at", Format::kTime},
                                  {"TEAM", "/team"},
                                  {"MAY ACKNOWLEDGE", "/people", Format::kList}};
  Part(printer, c, "functional", "Functional track", track);
  Part(printer, c, "hierarchical", "Hierarchical track", track);
  Part(printer, c, "handovers", "Open handovers",
       {{"ID", "/id"},
        {"STATE", "/state", Format::kEnum},
        {"FROM", "/from_person"},
        {"TO TEAM", "/to_team"},
        {"TO", "/to_person"},
        {"SINCE", "/since", Format::kTime},
        {"MISSING", "/missing", Format::kList},
        {"WHY", "/why"}});
  Part(printer, c, "approvals", "Open approvals",
       {{"ID", "/id"},
        {"STATE", "/state", Format::kEnum},
        {"TRACK", "/track", Format::kEnum},
        {"TO LEVEL", "/to_level"},
        {"BY", "/requested_by"},
        {"APPROVERS", "/approvers", Format::kList},
        {"SINCE", "/since", Format::kTime},
        {"WHY", "/text"}});
  Part(printer, c, "decision_requests", "Decisions waited for",
       {{"ID", "/id"},
        {"DECISION", "/decision"},
        {"AMOUNT", "/amount", Format::kMoney},
        {"BY", "/requested_by"},
        {"FIRST", "/first"},
        {"OF LEVEL", "/to_level"},
        {"ASKED", "/people", Format::kList},
        {"SINCE", "/since", Format::kTime},
        {"WHY", "/text"}});
  Part(printer, c, "decisions", "Decisions",
       {{"ID", "/id"},
        {"DECISION", "/decision"},
        {"AMOUNT", "/amount", Format::kMoney},
        {"BY", "/person"},
        {"LEVEL", "/level"},
        {"AT", "/at", Format::kTime}});
  Part(printer, c, "milestones", "Milestones", {{"MILESTONE", "/name"}, {"AT", "/at", Format::kTime}});
  if (c.contains("major")) PrintMajor(printer, c["major"]);
  Part(printer, c, "consultations", "Open consultations",
       {{"ID", "/id"},
        {"FROM", "/from_person"},
        {"TO TEAM", "/to_team"},
        {"TO", "/to_person"},
        {"SINCE", "/since", Format::kTime},
        {"QUESTION", "/question"}});
  Part(printer, c, "links", "Links",
       {{"RELATION", "/relation", Format::kEnum}, {"CASE", "/other"}, {"ELSEWHERE", "/external"}});
  Part(printer, c, "labels", "Labels", {{"KEY", "/key"}, {"VALUE", "/value"}});
}

}  // namespace escalon::escalonctl
